"""The robustness of a run, measured by the function that a worker runs."""

import pytest

from mnist_core.evaluation.robustness import DISTORTIONS, read_table
from mnist_core.jobs.attend import WorkOrder
from mnist_core.jobs.tasks import TASKS, run_task
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.tasks import TaskState, TaskStore
from tests.evaluation.stored_run import RECIPE, store_run


def compute(store: RunStore, run_id: str) -> TaskState:
    """Compute the robustness of a run as a worker that was handed it."""
    TaskStore(store).add(run_id, "robustness", who=OPERATOR)
    queue = WorkQueue(store)
    ticket = queue.take(next(ticket for ticket in queue.waiting() if ticket.kind == "task"))
    assert ticket is not None
    run_task(WorkOrder(ticket, store.url, None, 60), TASKS)
    return TaskStore(store).state(run_id, "robustness", who=OPERATOR)


def test_the_task_leaves_the_curves_as_an_artifact_of_the_run(store):
    run = store_run(store, "calm-otter-17")
    state = compute(store, run.id)
    assert (state.status, state.share, state.error) == ("finished", 1, "")
    table = read_table(store.load_artifact(run.id, "robustness", who=OPERATOR))
    assert list(table["distortion"].unique()) == list(DISTORTIONS)
    untouched = table[table["level"] == table["distortion"].map({"scale": 1}).fillna(0)]
    assert untouched["accuracy"].tolist() == pytest.approx([run.test_accuracy] * 5)


def test_a_run_without_a_network_fails_in_words(store):
    run = store.create(RECIPE, name="new-hare-1", who=OPERATOR)
    state = compute(store, run.id)
    assert state.status == "failed"
    assert state.error.startswith("new-hare-1 has no network yet")
