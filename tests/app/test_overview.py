"""The Overview page: useful with no run yet, and honest about runs under way, finished and failed."""

import json

from mnist_core.lessons.digits_to_watch import ten_to_watch
from mnist_core.runs import OPERATOR
from mnist_core.settings import settings
from mnist_core.training import TrainingConfig
from mnist_core.training.packaged_model import packaged_model
from pages.shared import resources
from pages.shared.drawn_image import KEY as DRAWN
from tests.data.digit_strokes import strokes


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def text(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption))


def test_without_a_run_it_shows_the_network_and_the_published_result(show_page):
    app = show_page("overview")
    assert app.title[0].value == "MNIST from scratch"
    assert metrics(app) == {"Published result": "95.40 %", "Newest run": "–", "Best by validation": "–"}
    assert "**109,386 <dfn" in text(app)
    assert all(f">{count}</text>" in text(app) for count in ("100,480", "8,256", "650"))
    assert "Nothing has been trained yet." in text(app)
    assert [button.label for button in app.button[:2]] == ["Open the Playground", "Train the classic network"]


def test_a_digit_drawn_at_once_is_read_by_the_packaged_network(show_page):
    app = show_page("overview")
    assert "**Draw a digit**" in text(app)
    app.session_state["strokes of the drawing pad"] = strokes(3, 20, 30, 70, 110)
    app.run()
    assert app.subheader[0].value == "This is a 3."
    app.switch_page("draw/page.py").run()
    assert app.subheader[0].value == "This is a 3."


def shown_network(app):
    """Return what the component of the living network is given."""
    return next(
        json.loads(one.proto.json) for one in app.get("bidi_component") if "living_network" in one.proto.component_name
    )


def test_the_network_is_alive_and_reads_what_is_drawn(show_page):
    app = show_page("overview")
    network, (ten, learnt) = packaged_model().network, ten_to_watch(TrainingConfig(), resources.dataset())
    picture = shown_network(app)
    assert (picture["label"], learnt) == (0, 10)
    assert picture["layers"][-1]["values"] == network.predict_proba(ten.images[:1])[0].astype(float).tolist()
    assert "**Packaged network** reads an image that it has learnt from." in text(app)
    next(button for button in app.button if button.label == "Another image").click().run()
    assert shown_network(app)["label"] == 1
    app.session_state["strokes of the drawing pad"] = strokes(3, 20, 30, 70, 110)
    app.run()
    picture, drawing = shown_network(app), app.session_state[DRAWN]
    assert picture["label"] is None
    assert picture["layers"][-1]["values"] == network.predict_proba(drawing[None])[0].astype(float).tolist()


def test_the_newest_network_that_has_learnt_something_is_shown(show_page, make_run, store):
    here = {"dataset_fingerprint": resources.dataset().fingerprint}
    config = TrainingConfig(hidden_units=(4,), train_size=50, validation_size=1000, epochs=20)
    good = make_run("finished", 2, config, test_accuracy=0.9, **here)
    make_run("finished", 2, config, test_accuracy=0.1, **here)
    app = show_page("overview")
    network, (ten, _) = store.network(good.id, who=OPERATOR), ten_to_watch(config, resources.dataset())
    assert shown_network(app)["layers"][-1]["values"] == network.predict_proba(ten.images[:1])[0].astype(float).tolist()
    assert f"**{good.name}** reads an image that it has never learnt from." in text(app)


def test_one_button_starts_the_classic_run_and_shows_it(show_page, store):
    app = show_page("overview").button[1].click().run()
    assert not app.exception
    (run,) = store.list_runs(who=OPERATOR)
    assert run.config == TrainingConfig.preset("classic")
    assert app.title[0].value == "Training"
    assert app.query_params["run"] == run.id


def test_a_refused_start_is_explained(show_page, monkeypatch):
    monkeypatch.setenv("MNIST_MAX_EPOCHS", "10")
    settings.cache_clear()
    resources.engine.clear()
    app = show_page("overview").button[1].click().run()
    assert app.title[0].value == "MNIST from scratch"
    assert "10" in app.error[0].value


def test_the_newest_run_leads_and_the_best_is_ranked_by_validation(show_page, make_run):
    here = {"dataset_fingerprint": resources.dataset().fingerprint}
    config = TrainingConfig(hidden_units=(4,), train_size=50, validation_size=20, epochs=20)
    best = make_run("finished", 2, config, validation_accuracy=0.9712, test_accuracy=0.96, train_s=61.0, **here)
    make_run("finished", 2, config, validation_accuracy=0.95, test_accuracy=0.99, **here)
    make_run("finished", 2, test_accuracy=0.995, **here)
    make_run("running", 5, **here)
    app = show_page("overview")
    assert metrics(app) == {
        "Published result": "95.40 %",
        "Newest run": "running, 25%",
        "Best by validation": "97.12 %",
    }
    assert "1 min 1 s of training" in text(app)
    assert best.name in [link.label for link in app.get("page_link")]


def test_a_failed_run_is_said_to_have_failed(show_page, make_run):
    make_run("failed", 1, error="The worker ran out of memory.")
    assert metrics(show_page("overview"))["Newest run"] == "failed"
    assert metrics(show_page("overview"))["Best by validation"] == "–"


def test_with_other_data_nothing_is_claimed_about_them(show_page, fashion):
    app = show_page("overview")
    assert metrics(app)["Published result"] == "–"
    assert "No result has been published for fashion-mnist." in text(app)
    assert "digit" not in " ".join(element.value for element in app.markdown)
