"""The Keras comparison page in every state, on real rows of a real store."""

import sys

import numpy as np
import pytest

from mnist_core.errors import LimitError
from mnist_core.jobs.pair import submit_pair
from mnist_core.keras_twin.differences import Differences
from mnist_core.keras_twin.times import FitTimes
from mnist_core.runs import OPERATOR, Run
from mnist_core.settings import settings
from mnist_core.training import TrainingConfig
from pages.shared import resources

FIRST = TrainingConfig(hidden_units=(4,), train_size=50, epochs=3, seed=11)


@pytest.fixture
def make_pair(make_run, store):
    """Put a pair into the store: `make_pair("finished", "queued", config=...)`."""

    def make(status: str, twin_status: str, config: TrainingConfig = FIRST, **fields) -> tuple[Run, Run]:
        ends = {"finished": 3, "running": 2}
        first = make_run(status, epochs=ends.get(status, 0), config=config, pair_id="p", worker="host:1", **fields)
        twin = make_run(twin_status, epochs=ends.get(twin_status, 0), config=config, pair_id="p", kind="keras")
        store.update(twin.id, worker="host:1", threads=2, versions={"keras": "3.15.1"})
        differences = Differences()
        for epoch in range(ends.get(twin_status, 0)):
            differences.add(epoch, (np.zeros(4), np.full(4, 1e-7 * (epoch + 1))), (1.0, 1.0 + 2e-8))
        store.save_artifact(twin.id, "differences", differences.to_bytes())
        return first, store.get(twin.id, who=OPERATOR)

    return make


def captions(app) -> str:
    return "\n".join(caption.value for caption in app.caption)


def words(app) -> str:
    return "\n".join(markdown.value for markdown in app.markdown)


def subheaders(app) -> list[str]:
    return [subheader.value for subheader in app.subheader]


def button(app, label: str):
    return next(button for button in app.button if button.label == label)


def test_without_pairs_the_page_says_what_to_do_and_shows_the_code(show_page):
    app = show_page("keras_comparison")
    assert "Press **Train the pair**" in app.info[0].value
    assert not button(app, "Train the pair").disabled
    assert "epochs=1000)" in app.code[0].value


def test_the_code_follows_the_link(show_page):
    app = show_page("keras_comparison", hidden_units="32", optimizer="adam", batch_size="64")
    assert "dense(32," in app.code[0].value
    assert "keras.optimizers.Adam(0.1)" in app.code[0].value
    assert "BATCH_SIZE = 64" in app.code[0].value


def test_the_button_submits_both_runs_and_shows_the_pair(show_page, store):
    app = show_page("keras_comparison", hidden_units="4", epochs="2")
    button(app, "Train the pair").click().run()
    twin, first = store.list_runs(who=OPERATOR)
    assert (first.kind, twin.kind) == ("numpy", "keras")
    assert first.pair_id == twin.pair_id
    assert first.config == twin.config == TrainingConfig(hidden_units=(4,), epochs=2, dtype="float64")
    assert first.id in app.query_params["pair"]
    assert "Waiting until NumPy has finished" in captions(app)
    button(app, "Stop the pair").click().run()
    assert {run.status for run in store.list_runs(who=OPERATOR)} == {"stopped"}


def test_the_whole_recipe_is_trained_in_its_own_format_where_no_exact_proof_is_wanted(show_page, store):
    app = show_page("keras_comparison", hidden_units="4", epochs="12")
    app.toggle(key="exact proof").set_value(False).run()
    button(app, "Train the pair").click().run()
    assert store.list_runs(who=OPERATOR)[0].config == TrainingConfig(hidden_units=(4,), epochs=12)


def test_the_recipe_of_a_finished_run_can_be_taken(show_page, make_run):
    run = make_run("finished", epochs=3, config=FIRST)
    app = show_page("keras_comparison")
    app.selectbox(key="recipe of a run").select(run.id).run()
    assert app.session_state["recipe.hidden_units"] == "4"
    assert app.session_state["recipe.seed"] == 11


def test_a_running_pair_shows_both_and_how_far_they_are_apart(show_page, make_pair):
    first, _ = make_pair("finished", "running")
    app = show_page("keras_comparison", pair=first.id)
    progress = [element.proto.text for element in app.get("progress")]
    assert progress[0].startswith("Epoch 3 of 3")
    assert progress[1].startswith("Epoch 2 of 3")
    assert "After 2 epochs none of the 3,190 weights differs by more than 2.0e-07" in words(app)
    assert "the cost differs by 2.0e-08" in words(app)
    assert ":green[Yes.]" in words(app)
    assert "Test accuracy" not in subheaders(app)
    assert app.session_state["recipe.hidden_units"] == "4"  # the sidebar holds the pair's recipe


def test_a_finished_pair_shows_times_accuracies_and_the_verdict(show_page, make_pair, store):
    first, twin = make_pair("finished", "finished")
    store.save_artifact(twin.id, "keras_fit", FitTimes((3.0, 1.0, 1.0, 1.0), "a processor", 2).to_bytes())
    app = show_page("keras_comparison", pair=first.id)
    assert subheaders(app) == [
        "Is it the same network?",
        "Time",
        "Test accuracy",
        "0 images on which they disagree",
        "The recipe in Keras",
    ]
    table = next(frame.value for frame in app.dataframe if "Implementation" in frame.value)
    assert table["Implementation"].tolist() == ["NumPy", "Keras, compiled step", "Keras, model.fit"]
    assert table["Epoch s"].tolist() == [0.5, 0.5, 1.0]
    assert table["All epochs s"].tolist() == [1.5, 1.5, 5.0]
    assert "Both ran on the same worker (host, a processor) with 2 threads each; keras 3.15.1." in captions(app)
    accuracies = {metric.label: metric.value for metric in app.metric}
    assert accuracies["NumPy"] == accuracies["Keras"]
    assert accuracies["Difference"] == "0.00 points"
    assert captions(app).count("95 % interval (Wilson)") == 2
    assert "NumPy and Keras are right on exactly the same images" in words(app)


def test_images_on_which_the_networks_disagree_are_counted(show_page, make_pair, store):
    first, twin = make_pair("finished", "finished")
    checkpoint = store.load_checkpoint(twin.id, who=OPERATOR)
    checkpoint.parameters[:] = 0
    checkpoint.parameters[-10:] = np.arange(10)  # always answers 9
    store.save_checkpoint(twin.id, checkpoint)
    app = show_page("keras_comparison", pair=first.id)
    answers = store.network(first.id, who=OPERATOR).predict(resources.dataset().test.images)
    assert f"{np.count_nonzero(answers != 9):,} images on which they disagree" in subheaders(app)
    assert "McNemar's exact test" in words(app)


def test_looking_at_a_pair_starts_no_timing_of_model_fit_a_button_does(show_page, make_pair):
    first, twin = make_pair("finished", "finished")
    app = show_page("keras_comparison", pair=first.id)
    assert resources.engine().task_state("keras_fit", twin.id, who=OPERATOR).status == ""
    button(app, "Time model.fit as well").click().run()
    assert resources.engine().task_state("keras_fit", twin.id, who=OPERATOR).status == "queued"
    assert "Timing model.fit" in captions(app)


def test_a_failed_keras_run_says_why(show_page, make_pair, store):
    first, twin = make_pair("finished", "failed")
    store.update(twin.id, error="Keras said no.")
    app = show_page("keras_comparison", pair=first.id)
    assert app.error[0].value == "Keras said no."
    assert "Test accuracy" not in subheaders(app)


def test_the_repeat_in_float64_is_shown_and_no_second_click_queues_another(show_page, make_pair, store):
    first, _ = make_pair("finished", "finished")
    app = show_page("keras_comparison", pair=first.id)
    button(app, "Repeat in float64, 3 epochs").click().run()
    repeat = store.list_runs(who=OPERATOR)[1]
    assert repeat.config == FIRST.model_copy(update={"dtype": "float64"})
    assert repeat.id in app.query_params["pair"]
    again = show_page("keras_comparison", pair=first.id)
    button(again, "Repeat in float64, 3 epochs").click().run()
    assert repeat.id in again.query_params["pair"]
    assert len(store.list_runs(who=OPERATOR)) == 4


def test_what_has_no_counterpart_in_keras_is_named(show_page, make_pair):
    first, _ = make_pair("finished", "finished", FIRST.model_copy(update={"dropout": 0.5}))
    app = show_page("keras_comparison", pair=first.id)
    assert "Keras draws other random masks" in captions(app)
    assert "two runs of one recipe" in words(app)


def test_only_the_owner_of_a_pair_is_offered_to_stop_it(show_page, make_pair):
    first, _ = make_pair("running", "queued")
    mine, theirs = (show_page("keras_comparison", visitor, pair=first.id) for visitor in ("me", "somebody else"))
    assert [button.label for button in mine.button].count("Stop the pair") == 1
    assert "Stop the pair" not in [button.label for button in theirs.button]
    assert "Only its owner can stop it." in captions(theirs)


def test_a_pair_whose_keras_run_was_deleted_says_so(show_page, make_pair, store):
    first, twin = make_pair("finished", "finished")
    store.delete(twin.id, who=OPERATOR)
    assert "has been deleted" in show_page("keras_comparison", pair=first.id).info[0].value


def test_a_link_to_no_pair_says_so(show_page, make_run):
    lonely = make_run("finished", epochs=1)
    assert "There is no run 'nowhere'" in show_page("keras_comparison", pair="nowhere").warning[0].value
    assert "cannot be shown here" in show_page("keras_comparison", pair=lonely.id).warning[0].value


def test_without_tensorflow_the_page_says_how_to_install_it_and_shows_stored_pairs(show_page, make_pair, monkeypatch):
    first, _ = make_pair("finished", "finished")
    monkeypatch.setitem(sys.modules, "tensorflow", None)  # Python's own way to say that there is none
    app = show_page("keras_comparison", pair=first.id)
    assert "are not installed here" in app.warning[0].value
    assert "This page needs Keras and TensorFlow" in app.warning[0].value
    assert "Python 3.11 to 3.13 on Linux, Windows and Apple silicon" in app.warning[0].value
    assert app.code[0].value == "pip install -r requirements.txt"
    assert button(app, "Train the pair").disabled
    assert "Test accuracy" in subheaders(app)
    assert "3,190 weights" in words(app)


def test_where_keras_is_off_the_page_says_so_and_the_engine_refuses(show_page, make_pair, store, monkeypatch):
    first, twin = make_pair("finished", "finished")
    monkeypatch.setenv("MNIST_KERAS", "off")
    settings.cache_clear()
    app = show_page("keras_comparison", pair=first.id)
    assert app.warning[0].value.startswith("Keras is switched off on this server (MNIST_KERAS=off). Pairs that have")
    assert not any("pip install" in code.value for code in app.code)
    assert button(app, "Train the pair").disabled
    known = {run.id for run in store.list_runs(who=OPERATOR)}
    with pytest.raises(LimitError, match="switched off"):
        submit_pair(resources.engine(), TrainingConfig(), who=OPERATOR)
    with pytest.raises(LimitError, match="switched off"):
        resources.engine().start_task("keras_fit", twin.id, who=OPERATOR)
    assert {run.id for run in store.list_runs(who=OPERATOR)} == known
