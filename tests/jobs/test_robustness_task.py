"""The robustness of a run, measured by the function that a worker runs."""

import pytest

from mnist_core.evaluation.robustness import DISTORTIONS, read_table
from mnist_core.jobs.tasks import TASKS, TaskOrder, read_state, run_task
from tests.evaluation.stored_run import RECIPE, store_run


def test_the_task_leaves_the_curves_as_an_artifact_of_the_run(store):
    run = store_run(store, "calm-otter-17")
    run_task(TaskOrder("robustness", run.id, store.url), TASKS["robustness"])
    state = read_state(store, "robustness", run.id)
    assert (state.status, state.share, state.error) == ("finished", 1, "")
    table = read_table(store.load_artifact(run.id, "robustness"))
    assert list(table["distortion"].unique()) == list(DISTORTIONS)
    untouched = table[table["level"] == table["distortion"].map({"scale": 1}).fillna(0)]
    assert untouched["accuracy"].tolist() == pytest.approx([run.test_accuracy] * 5)


def test_a_run_without_a_network_fails_in_words(store):
    run = store.create(RECIPE, name="new-hare-1")
    run_task(TaskOrder("robustness", run.id, store.url), TASKS["robustness"])
    state = read_state(store, "robustness", run.id)
    assert state.status == "failed"
    assert state.error.startswith("new-hare-1 has no network yet")
