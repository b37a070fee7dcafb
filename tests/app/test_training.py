"""The Training page in every state, on real rows of a real store."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.lessons.digits_to_watch import ten_to_watch
from mnist_core.runs import OPERATOR
from mnist_core.training import Checkpoint, TrainingConfig
from mnist_core.training.query import from_query
from pages.shared import resources
from pages.shared.drawn_image import KEY as DRAWN
from tests.app.conftest import ME, epoch_result

DOWNLOADS = {"Model .npz", "Model .keras", "History .csv", "Config .json"}


def query(app: AppTest) -> dict[str, str]:
    return {name: values[0] if isinstance(values, list) else values for name, values in app.query_params.items()}


def tiles(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def progress_text(app: AppTest) -> str:
    return app.get("progress")[0].proto.text


def start(app: AppTest) -> None:
    next(button for button in app.button if button.label == "Start training").click().run()


def badge(app: AppTest) -> str:
    (heading,) = [markdown.value for markdown in app.markdown if markdown.value.startswith("### ")]
    return heading


def test_with_no_run_the_page_says_what_to_do(show_page):
    app = show_page("training")
    assert "Press **Start training**" in app.info[0].value
    assert app.button[0].label == "Start training"
    assert not app.button[0].disabled
    assert app.session_state["recipe.epochs"] == 1000
    assert query(app) == {}


def test_a_running_run_shows_its_progress_and_newest_figures(show_page, make_run):
    config = TrainingConfig(hidden_units=(4,), train_size=50, validation_size=10, epochs=20)
    run = make_run("running", epochs=5, config=config, epoch_share=0.5)
    app = show_page("training", run=run.id)
    assert badge(app) == f"### {run.name} :blue-badge[running]"
    assert progress_text(app) == "Epoch 5 of 20 · 2 epochs/s · 7.2 s left"
    assert app.get("progress")[0].proto.value == 27  # (5 + 0.5) / 20
    assert tiles(app) == {
        "Cost": "0.4000",
        "Training accuracy": "54.00 %",
        "Validation accuracy": "44.00 %",
        "Test accuracy": "–",
        "Training time": "2.5 s",
    }
    assert [button.label for button in app.button if button.label in ("Pause", "Resume", "Step", "Stop")] == [
        "Pause",
        "Step",
        "Stop",
    ]


def test_a_finished_run_shows_its_test_accuracy_and_no_buttons(show_page, make_run):
    run = make_run("finished", epochs=20, test_accuracy=0.9543, test_correct=9543, test_count=10_000)
    app = show_page("training", run=run.id)
    assert badge(app) == f"### {run.name} :green-badge[finished]"
    assert tiles(app)["Test accuracy"] == "95.43 %"
    assert tiles(app)["Validation accuracy"] == "–"
    assert "Pause" not in [button.label for button in app.button]
    assert {button.label for button in app.get("download_button")} == DOWNLOADS


def test_a_network_that_has_learnt_nothing_is_never_green(show_page, make_run):
    config = TrainingConfig(optimizer="adam", learning_rate=0.1, epochs=3, train_size=50)
    run = make_run("finished", epochs=3, config=config, test_accuracy=0.3684, test_correct=3684, test_count=10_000)
    app = show_page("training", run=run.id)
    assert badge(app) == f"### {run.name} :orange-badge[finished]"
    (verdict,) = [markdown.value for markdown in app.markdown if "learning rate 0.1" in markdown.value]
    assert verdict.startswith(":red[:material/error:] **")
    assert verdict.endswith("The learning rate 0.1 is probably too large for adam. Try 0.001.**")


def test_a_failed_run_says_why_in_words_with_the_traceback_behind_an_expander(show_page, make_run):
    run = make_run("failed", epochs=2, error="The worker ran out of memory.", traceback="Traceback: MemoryError")
    app = show_page("training", run=run.id)
    assert app.error[0].value == "The worker ran out of memory."
    (details,) = [expander for expander in app.expander if expander.label == "Technical details"]
    assert details.code[0].value == "Traceback: MemoryError"
    theirs = show_page("training", run=run.id, visitor="somebody else")
    assert theirs.error[0].value == "The worker ran out of memory."
    assert "Technical details" not in [expander.label for expander in theirs.expander]


@pytest.mark.parametrize(("units", "shown", "words"), [(200, 128, "The first 128 of 200 units."), (128, 128, "")])
def test_the_kernels_caption_counts_the_units_that_are_drawn(show_page, make_run, units, shown, words):
    config = TrainingConfig(hidden_units=(units,), train_size=50, epochs=20)
    app = show_page("training", run=make_run("running", epochs=2, config=config).id)
    (caption,) = [caption.value for caption in app.caption if "28 × 28" in caption.value]
    assert caption.startswith(f"{words} Each of the {shown} images shows".lstrip())
    (mosaic,) = [html.proto.body for html in app.get("html") if 'class="tiles"' in html.proto.body]
    assert mosaic.count("<i style=") == shown
    assert f"First-layer weights of {shown} units" in mosaic


def test_a_diverged_run_keeps_its_history(show_page, make_run):
    run = make_run("diverged", epochs=3, error="The cost became infinite in epoch 3. Try a smaller learning rate.")
    app = show_page("training", run=run.id)
    assert app.warning[0].value.startswith("The cost became infinite")
    assert not [words.value for words in app.markdown if "too large" in words.value]  # it is said once
    assert tiles(app)["Cost"] == "0.6667"


def test_a_waiting_run_shows_its_place_in_the_queue(show_page, store):
    store.create(TrainingConfig(), who=OPERATOR)
    second = store.create(TrainingConfig(), who=OPERATOR)
    app = show_page("training", run=second.id)
    assert progress_text(app).startswith("Epoch 0 of 1,000 · number 2 in the queue · begins in about ")


def test_resume_and_step_act_on_the_store_through_the_engine(show_page, make_run, store):
    run = make_run("paused", epochs=5)
    app = show_page("training", run=run.id)
    next(button for button in app.button if button.label == "Step").click().run()
    assert store.get(run.id, who=OPERATOR).status == "queued"
    assert store.get(run.id, who=OPERATOR).target_epochs == 6


def test_start_queues_the_recipe_shown_and_puts_the_run_into_the_address(show_page, store):
    app = show_page("training", epochs="7", hidden_units="16-8", optimizer="adam", learning_rate="0.0123")
    assert app.select_slider(key="recipe.learning_rate").value == 0.0123  # not on the slider's grid
    app.button[0].click().run()
    (run,) = store.list_runs(who=OPERATOR)
    assert run.config == TrainingConfig(epochs=7, hidden_units=(16, 8), optimizer="adam", learning_rate=0.0123)
    assert run.status == "queued"
    assert run.owner
    assert query(app)["run"] == run.id
    assert query(app)["hidden_units"] == "16-8"


def test_a_preset_fills_every_field_and_the_address_and_keeps_the_seed(show_page):
    app = show_page("training", seed="5")
    app.sidebar.get("button_group")[0].set_value("modern").run()
    preset = TrainingConfig.preset("modern").model_copy(update={"seed": 5})
    assert app.number_input(key="recipe.epochs").value == preset.epochs
    assert app.number_input(key="recipe.seed").value == 5
    assert from_query(query(app)) == preset.model_copy(update={"validation_size": 5000})


def test_a_field_that_cannot_be_used_is_explained_and_start_is_off(show_page):
    app = show_page("training")
    app.text_input(key="recipe.hidden_units").set_value("128-many").run()
    assert [error.value for error in app.error] == [
        "Correct **Hidden units** below to start.",
        "Hidden units: whole numbers from 1 to 2048, such as 128-64, for at most 6 layers.",
    ]
    assert app.button[0].disabled


@pytest.mark.parametrize("epochs", [0, -1, 10_001, None])
def test_no_number_of_epochs_but_a_possible_one_can_be_started(show_page, epochs):
    app = show_page("training")
    app.number_input(key="recipe.epochs").set_value(epochs).run()
    assert app.error[1].value == "Epochs: a whole number from 1 to 10,000, such as 1000."
    assert app.button[0].disabled
    app.number_input(key="recipe.epochs").set_value(5).run()
    assert not app.error
    assert not app.button[0].disabled


def test_every_recipe_but_the_published_one_holds_images_out_unless_switched_off(show_page, store):
    app = show_page("training")
    app.sidebar.get("button_group")[0].set_value("fast").run()
    assert app.sidebar.get("button_group")[0].value == "fast"
    start(app)
    app.toggle(key="recipe holds images out").set_value(False).run()
    start(app)
    app.toggle(key="recipe holds images out").set_value(True).run()
    app.sidebar.get("button_group")[0].set_value("classic").run()
    start(app)
    assert [(run.preset, run.config.validation_size) for run in store.list_runs(who=OPERATOR)] == [
        ("classic", 0),
        ("fast", 0),
        ("fast", 5000),
    ]


def test_the_usual_rate_of_an_optimizer_is_offered(show_page):
    app = show_page("training")
    assert not [button for button in app.button if button.label.startswith("Use learning rate")]
    app.selectbox(key="recipe.optimizer").set_value("adam").run()
    next(button for button in app.button if button.label == "Use learning rate 0.001").click().run()
    assert app.select_slider(key="recipe.learning_rate").value == 0.001
    assert query(app) == {"optimizer": "adam", "learning_rate": "0.001", "validation_size": "5000"}


def test_an_optimizer_brings_its_usual_momentum(show_page, store):
    app = show_page("training")
    app.selectbox(key="recipe.optimizer").set_value("momentum").run()
    app.button[0].click().run()
    assert store.list_runs(who=OPERATOR)[0].config.momentum == 0.9


def test_a_typed_batch_size_is_taken(show_page):
    app = show_page("training", batch_size="96")
    assert query(app) == {"batch_size": "96"}


def test_a_new_seed_is_drawn_by_one_click(show_page):
    app = show_page("training")
    next(button for button in app.button if button.label == "New seed").click().run()
    assert query(app)["seed"] == str(app.number_input(key="recipe.seed").value) != "0"


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"epochs": "abc"}, "epochs: expected a valid integer"),
        ({"learning_rate": "-1"}, "learning_rate: expected greater than 0"),
        ({"hidden_units": "8-0"}, "hidden_units.1: expected greater than or equal to 1"),
        ({"optimizer": "adam", "momentum": "0.5"}, "momentum: expected 0 with optimizer 'adam'"),
    ],
)
def test_a_bad_value_in_a_link_is_explained_and_the_default_shown(show_page, link, words):
    app = show_page("training", seed="3", **link)
    assert words in app.warning[0].value
    assert app.session_state["recipe.epochs"] == 1000
    assert not set(link) & set(query(app))


def test_a_link_to_a_run_that_does_not_exist_is_explained(show_page, make_run):
    make_run("finished", epochs=1)
    app = show_page("training", run="nonsense")
    assert "There is no run 'nonsense'" in app.warning[0].value
    assert "run" not in query(app)


def test_a_link_to_a_run_alone_brings_the_runs_recipe(show_page, make_run):
    run = make_run("finished", epochs=20)
    app = show_page("training", run=run.id)
    assert app.text_input(key="recipe.hidden_units").value == "4"
    assert app.number_input(key="recipe.epochs").value == 20


def test_a_run_beyond_a_limit_is_refused_in_words(show_page, monkeypatch):
    app = show_page("training", hidden_units="4096")
    assert app.button[0].disabled
    assert "at most 2048 in a layer allowed here, received 4096" in app.error[1].value


def test_earlier_runs_are_laid_over_the_curves(show_page, make_run):
    other, run = make_run("finished", epochs=5), make_run("finished", epochs=5)
    app = show_page("training", run=run.id, compare=other.id)
    assert app.multiselect[0].value == [other.id]
    assert query(app)["compare"] == other.id
    assert f'"name": "{other.name}"' in charts(app)
    app.multiselect[0].set_value([]).run()
    assert f'"name": "{other.name}"' not in charts(app)


def charts(app: AppTest) -> str:
    """Return the JSON of all live charts."""
    return " ".join(element.proto.json for element in app.get("bidi_component"))


def opened_table(app: AppTest) -> pd.DataFrame:
    app.session_state["table"] = True
    return app.run().dataframe[0].value


def test_the_table_sets_the_classic_run_beside_the_published_one(show_page, make_run):
    run = make_run("finished", epochs=101, config=TrainingConfig())
    app = show_page("training", run=run.id)
    table = opened_table(app)
    assert table["Epoch"].tolist() == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    assert table["Published cost"].dropna().tolist() == [2.3896, 0.3730]


def test_the_published_run_is_no_reference_for_other_data(show_page, make_run):
    run = make_run("finished", epochs=3, config=TrainingConfig(), dataset_fingerprint="of other data")
    table = opened_table(show_page("training", run=run.id))
    assert list(table.columns) == ["Epoch", "Cost", "Training accuracy"]


def component(app: AppTest, name: str) -> dict[str, Any]:
    """Return what a component of ours is given to show."""
    return next(json.loads(one.proto.json) for one in app.get("bidi_component") if name in one.proto.component_name)


def test_ten_images_are_read_beside_the_curves_and_flow_through_the_network(show_page, make_run, store):
    config = TrainingConfig(hidden_units=(30,), train_size=50, epochs=20, validation_size=1000)
    run = make_run("running", epochs=5, config=config)
    app = show_page("training", run=run.id)
    ten, _ = ten_to_watch(config, resources.dataset())
    network = store.network(run.id, who=OPERATOR)
    shown = component(app, "ten_images")
    assert (shown["labels"], shown["chosen"]) == (list(range(10)), -1)
    assert shown["guesses"] == network.predict(ten.images).tolist()
    assert shown["which"] == "Held-out images: it does not learn from them."

    drawing = np.roll(ten.images[4], 1, axis=0)
    app.session_state[DRAWN], app.session_state["training.image"] = drawing, 10
    app.session_state["picture"] = "Network"
    app.run()
    shown, picture = component(app, "ten_images"), component(app, "living_network")
    assert (shown["labels"], shown["chosen"]) == ([*range(10), None], 10)
    assert shown["guesses"][10] == network.predict(drawing[None])[0]
    assert picture["label"] is None
    assert picture["layers"][-1]["values"] == network.predict_proba(drawing[None])[0].astype(float).tolist()


def test_the_network_stands_still_while_a_unit_is_open_and_then_follows_the_training(show_page, make_run, store):
    run = make_run("running", epochs=5, config=TrainingConfig(hidden_units=(30,), train_size=50, epochs=20))
    app = show_page("training", run=run.id, picture="Network", unit="2:7")
    assert "Inside class 7" in [heading.value for heading in app.subheader]
    before = component(app, "living_network")["layers"][-1]["values"]

    later = store.network(run.id, who=OPERATOR)
    later.parameters[:] *= 2
    store.append_epochs(run.id, [epoch_result(5, run.config)])
    store.save_checkpoint(run.id, Checkpoint(6, later.parameters))
    app.run()
    assert component(app, "living_network")["layers"][-1]["values"] == before
    assert "stands still while a unit is open" in " ".join(caption.value for caption in app.caption)
    store.update(run.id, status="finished")
    app.run()
    ten, _ = ten_to_watch(run.config, resources.dataset())
    expected = later.predict_proba(ten.images[:1])[0].astype(float).tolist()
    assert component(app, "living_network")["layers"][-1]["values"] == expected


def test_a_run_without_weights_that_are_numbers_shows_no_guesses(show_page, make_run, store):
    waiting = store.create(TrainingConfig(), who=ME)
    assert component(show_page("training", run=waiting.id), "ten_images")["guesses"] is None
    run = make_run("diverged", epochs=3)
    broken = store.network(run.id, who=OPERATOR).parameters * np.nan
    store.save_checkpoint(run.id, Checkpoint(3, broken))
    app = show_page("training", run=run.id, picture="Network")
    assert component(app, "ten_images")["guesses"] is None
    assert "weights that are numbers" in app.info[0].value
