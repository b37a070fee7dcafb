"""The engine with a real local cluster of one worker."""

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mnist_core.errors import EngineError, LimitError, StoreError
from mnist_core.jobs import Engine
from mnist_core.machine import available_cores
from mnist_core.runs import OPERATOR, RunStore, Who
from mnist_core.settings import Settings
from mnist_core.training import TrainingConfig
from tests.jobs.helpers import (
    LONG_EPOCHS,
    QUICK,
    STEADY,
    assert_as_if_undisturbed,
    until,
    until_status,
    until_training,
    worker_of,
)


def test_a_submitted_run_is_trained(engine: Engine):
    run_id = engine.submit(QUICK, who=Who("me"), name="first")
    run = until_status(engine.store, run_id, "finished", "failed")
    assert (run.name, run.owner, run.threads) == ("first", "me", available_cores())
    assert_as_if_undisturbed(engine, run_id)
    assert worker_of(engine.store, run_id).pid != os.getpid()
    assert engine.problem == ""


def test_pause_and_stop_act_in_the_middle_of_an_epoch(engine: Engine):
    run_id = engine.submit(LONG_EPOCHS, who=OPERATOR)
    until_training(engine.store, run_id)
    engine.pause(run_id, who=OPERATOR)
    paused = until_status(engine.store, run_id, "paused", timeout_s=10)
    assert (paused.epochs_done, paused.requested) == (0, "")
    engine.resume(run_id, who=OPERATOR)
    until_training(engine.store, run_id)
    engine.stop(run_id, who=OPERATOR)
    stopped = until_status(engine.store, run_id, "stopped", timeout_s=10)
    assert (stopped.epochs_done, stopped.error, stopped.test_accuracy) == (0, "", None)
    assert engine.store.network(run_id, who=OPERATOR).layer_sizes == LONG_EPOCHS.layer_sizes


def test_step_does_one_epoch_and_resume_the_rest(engine: Engine):
    run_id = engine.submit(QUICK, target_epochs=1, who=OPERATOR)
    assert until_status(engine.store, run_id, "paused").epochs_done == 1
    engine.step(run_id, who=OPERATOR)
    until(lambda: engine.store.get(run_id, who=OPERATOR).epochs_done == 2, "a step")
    assert until_status(engine.store, run_id, "paused").epochs_done == 2
    engine.resume(run_id, who=OPERATOR)
    until_status(engine.store, run_id, "finished")
    assert_as_if_undisturbed(engine, run_id)


def test_step_lets_a_running_run_finish_its_epoch(engine: Engine):
    run_id = engine.submit(STEADY, who=OPERATOR)
    until_training(engine.store, run_id)
    engine.step(run_id, who=OPERATOR)
    paused = until_status(engine.store, run_id, "paused", timeout_s=10)
    assert 0 < paused.epochs_done < STEADY.epochs
    assert len(engine.store.history(run_id, who=OPERATOR)) == paused.epochs_done


def test_runs_wait_in_order_and_the_next_one_follows(engine: Engine):
    first = engine.submit(LONG_EPOCHS, who=OPERATOR)
    until_training(engine.store, first)
    second, third = engine.submit(QUICK, who=OPERATOR), engine.submit(QUICK, who=OPERATOR)
    assert [engine.queue_position(run_id, who=OPERATOR) for run_id in (first, second, third)] == [None, 1, 2]
    engine.pause(second, who=OPERATOR)
    assert engine.store.get(second, who=OPERATOR).status == "paused"
    assert [engine.queue_position(run_id, who=OPERATOR) for run_id in (second, third)] == [None, 1]
    engine.resume(second, who=OPERATOR)
    assert [engine.queue_position(run_id, who=OPERATOR) for run_id in (second, third)] == [2, 1]
    engine.delete(first, who=OPERATOR)
    until_status(engine.store, second, "finished")
    started = [engine.store.get(run_id, who=OPERATOR).started_at_utc for run_id in (third, second)]
    assert started == sorted(started)
    with pytest.raises(StoreError, match="There is no run"):
        engine.store.get(first, who=OPERATOR)


def test_an_ended_run_cannot_go_on(engine: Engine):
    run_id = engine.submit(QUICK, who=OPERATOR)
    until_status(engine.store, run_id, "finished")
    with pytest.raises(EngineError, match=r"has ended \(finished\) and cannot go on"):
        engine.resume(run_id, who=OPERATOR)
    engine.step(run_id, who=OPERATOR)
    engine.pause(run_id, who=OPERATOR)
    assert engine.store.get(run_id, who=OPERATOR).status == "finished"


def test_tasks_run_in_a_worker_with_all_its_cores(engine: Engine):
    run = engine.store.create(QUICK, name="anchor", target_epochs=1, who=OPERATOR)
    assert engine.task_state("environment", run.id, who=OPERATOR).status == ""
    engine.start_task("environment", run.id, who=OPERATOR)
    until(lambda: engine.task_state("environment", run.id, who=OPERATOR).status == "finished", "the task")
    assert engine.task_state("environment", run.id, who=OPERATOR).share == 1.0
    environment = json.loads(engine.store.load_artifact(run.id, "environment", who=OPERATOR) or b"")
    assert environment["run"] == "anchor"
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        assert environment.get(name) == os.environ.get(name)
    assert environment["OPENBLAS_NUM_THREADS"] == "1"  # work is shared between threads of our own, not by the BLAS


def test_tasks_report_progress_and_are_not_started_twice(engine: Engine, tmp_path: Path):
    run = engine.store.create(QUICK, target_epochs=1, who=OPERATOR)
    engine.store.annotate(run.id, str(tmp_path / "enough"), who=OPERATOR)
    for _ in range(2):
        engine.start_task("patient", run.id, who=OPERATOR)
    until(lambda: engine.task_state("patient", run.id, who=OPERATOR).status == "running", "the task")
    engine.start_task("patient", run.id, who=OPERATOR)
    assert engine.task_state("patient", run.id, who=OPERATOR).status == "running"
    (tmp_path / "enough").touch()
    until(lambda: engine.task_state("patient", run.id, who=OPERATOR).status == "finished", "the task")
    assert engine.store.load_artifact(run.id, "patient", who=OPERATOR) == b"done"
    engine.start_task("patient", run.id, who=OPERATOR)
    assert engine.task_state("patient", run.id, who=OPERATOR).status == "finished"


def test_a_task_can_be_cancelled_and_started_again(engine: Engine, tmp_path: Path):
    run = engine.store.create(QUICK, target_epochs=1, who=OPERATOR)
    engine.store.annotate(run.id, str(tmp_path / "enough"), who=OPERATOR)
    engine.start_task("patient", run.id, who=OPERATOR)
    until(lambda: engine.task_state("patient", run.id, who=OPERATOR).status == "running", "the task")
    engine.cancel_task("patient", run.id, who=OPERATOR)
    until(
        lambda: engine.task_state("patient", run.id, who=OPERATOR).status == "stopped", "the task's end", timeout_s=10
    )
    assert engine.store.load_artifact(run.id, "patient", who=OPERATOR) is None
    (tmp_path / "enough").touch()
    engine.start_task("patient", run.id, who=OPERATOR)
    until(lambda: engine.task_state("patient", run.id, who=OPERATOR).status == "finished", "the task")


def test_a_run_deleted_during_a_task_leaves_nothing(engine: Engine, tmp_path: Path):
    run = engine.store.create(QUICK, target_epochs=1, who=OPERATOR)
    engine.store.annotate(run.id, str(tmp_path / "enough"), who=OPERATOR)
    engine.start_task("environment", run.id, who=OPERATOR)  # ends at once
    until(lambda: engine.task_state("environment", run.id, who=OPERATOR).status == "finished", "the task")
    engine.start_task("patient", run.id, who=OPERATOR)
    until(lambda: engine.task_state("patient", run.id, who=OPERATOR).status == "running", "the task")
    engine.delete(run.id, who=OPERATOR)
    until_status(engine.store, engine.submit(QUICK, who=OPERATOR), "finished")  # the worker is free again
    for task in ("environment", "patient"):
        assert engine.store.load_artifact(run.id, task, who=OPERATOR) is None
        assert engine.task_state(task, run.id, who=OPERATOR).status == ""


def test_a_failed_task_says_why_and_may_be_tried_again(engine: Engine):
    run = engine.store.create(QUICK, target_epochs=1, who=OPERATOR)
    for times in (1, 2):
        engine.start_task("broken", run.id, who=OPERATOR)
        until(lambda tries=times: engine.store.get(run.id, who=OPERATOR).notes == "tried " * tries, "the try")
        until(lambda: engine.task_state("broken", run.id, who=OPERATOR).status == "failed", "the failure")
    state = engine.task_state("broken", run.id, who=OPERATOR)
    assert state.error == "the robustness of nothing cannot be measured"
    assert "sample_tasks.py" in state.traceback


def test_unknown_tasks_and_runs_are_refused(engine: Engine):
    with pytest.raises(EngineError, match="expected one of deadly, environment, patient, broken, received 'nothing'"):
        engine.start_task("nothing", "x", who=OPERATOR)
    with pytest.raises(StoreError, match="There is no run 'x'"):
        engine.start_task("patient", "x", who=OPERATOR)


NOBODY_THERE = Settings(
    scheduler_address="tcp://127.0.0.1:1",
    max_epochs=10,
    max_hidden_layers=2,
    max_hidden_units=100,
    max_queued_runs_per_visitor=2,
    max_queued_runs=3,
)


@pytest.fixture(scope="module")
def shared_limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    store = RunStore(f"sqlite:///{tmp_path_factory.mktemp('limited') / 'runs.sqlite3'}")
    engine = Engine(store, NOBODY_THERE)
    yield engine
    engine.close()
    store.close()


@pytest.fixture
def limited(shared_limited: Engine) -> Iterator[Engine]:
    """An engine whose scheduler is not there: limits hold all the same."""
    yield shared_limited
    for run in shared_limited.store.list_runs(who=OPERATOR):
        shared_limited.delete(run.id, who=OPERATOR)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epochs": 11}, "Epochs: at most 10 allowed here, received 11"),
        ({"hidden_units": (5, 5, 5)}, "Hidden layers: at most 2 allowed here, received 3"),
        ({"hidden_units": (5, 101)}, "Hidden units: at most 100 in a layer allowed here, received 101"),
    ],
)
def test_limits_of_a_recipe(limited: Engine, changes: dict[str, object], words: str):
    with pytest.raises(LimitError, match=words):
        limited.submit(QUICK.model_copy(update=changes), who=OPERATOR)
    assert limited.store.list_runs(who=OPERATOR) == ()


def test_limits_of_the_queue(limited: Engine):
    mine = [limited.submit(QUICK, who=Who("me")) for _ in range(2)]
    with pytest.raises(LimitError, match="at most 2 of yours may wait, run or be paused, there are 2"):
        limited.submit(QUICK, who=Who("me"))
    limited.pause(mine[0], who=OPERATOR)
    with pytest.raises(LimitError, match="at most 2 of yours"):  # a paused run keeps its place
        limited.submit(QUICK, who=Who("me"))
    for visitor in ("you", "somebody else"):
        limited.submit(QUICK, who=Who(visitor))
    with pytest.raises(LimitError, match="at most 3 of all visitors may wait or run, there are 3"):
        limited.resume(mine[0], who=OPERATOR)
    limited.stop(mine[1], who=OPERATOR)
    limited.resume(mine[0], who=OPERATOR)
    assert limited.store.get(mine[0], who=OPERATOR).status == "queued"


def test_limits_hold_when_many_ask_at_once(limited: Engine):
    together = threading.Barrier(12)

    def submit(visitor: str) -> bool:
        together.wait()
        try:
            limited.submit(QUICK, who=Who(visitor))
        except LimitError:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(submit, 12 * ["me"])) == 2
    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(submit, [f"visitor {n}" for n in range(12)])) == 1


def test_limits_of_tasks(limited: Engine):
    runs = [limited.store.create(QUICK, who=OPERATOR) for _ in range(3)]
    for run in runs[:2]:
        limited.start_task("robustness", run.id, who=Who("me"))
    limited.start_task("robustness", runs[0].id, who=Who("me"))  # is under way: nothing is added
    with pytest.raises(LimitError, match="Measurements at a time: at most 2 of yours"):
        limited.start_task("robustness", runs[2].id, who=Who("me"))
    limited.cancel_task("robustness", runs[0].id, who=OPERATOR)
    assert limited.task_state("robustness", runs[0].id, who=OPERATOR).status == "stopped"
    limited.start_task("robustness", runs[2].id, who=Who("me"))


def test_an_invalid_recipe_is_refused_also_if_it_was_copied_unvalidated(limited: Engine):
    with pytest.raises(ValueError, match="learning_rate"):
        limited.submit(TrainingConfig().model_copy(update={"epochs": 5, "learning_rate": -1.0}), who=OPERATOR)


def test_an_unreachable_scheduler_is_a_problem_in_words(limited: Engine):
    until(lambda: limited.problem, "the problem")
    assert "tcp://127.0.0.1:1 cannot be reached" in limited.problem
    assert "MNIST_SCHEDULER_ADDRESS" in limited.problem
    assert limited.store.get(limited.submit(QUICK, who=OPERATOR), who=OPERATOR).status == "queued"


def test_a_closed_engine_takes_no_runs(store: RunStore):
    engine = Engine(store, NOBODY_THERE)
    engine.close()
    with pytest.raises(EngineError, match="was closed"):
        engine.submit(QUICK, who=OPERATOR)


def test_a_keras_run_is_trained_by_keras_and_agrees(engine: Engine):
    run_ids = [engine.submit(QUICK, kind=kind, pair_id="pair", who=OPERATOR) for kind in ("numpy", "keras")]
    ours, twin = [until_status(engine.store, run_id, "finished", "failed") for run_id in run_ids]
    assert (ours.status, twin.status, twin.kind, twin.pair_id) == ("finished", "finished", "keras", ours.pair_id)
    assert "keras" in twin.versions
    assert "keras" not in ours.versions
    costs = [engine.store.history(run_id, who=OPERATOR)["cost"].to_numpy() for run_id in run_ids]
    assert costs[0] == pytest.approx(costs[1], rel=1e-4)
    assert ours.test_accuracy == pytest.approx(twin.test_accuracy, abs=0.001)
