"""Pairs: both runs or none, one after the other, on one worker."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from mnist_core.errors import LimitError
from mnist_core.jobs import Engine
from mnist_core.jobs.pair import is_first, submit_pair, twin_of
from mnist_core.keras_twin import read_differences
from mnist_core.keras_twin.times import FIT_EPOCHS, FitTimes
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.queue import STALE_AFTER_S, Ticket, WorkQueue
from mnist_core.settings import Settings
from mnist_core.training import TrainingConfig

SMALL = TrainingConfig(hidden_units=(8,), train_size=500, batch_size=100, epochs=3)
NOWHERE = Settings(scheduler_address="tcp://127.0.0.1:9", max_queued_runs_per_visitor=3)


@pytest.fixture
def store(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    yield store
    store.close()


@pytest.fixture
def pair(store):
    first = store.create(SMALL, pair_id="p", who=OPERATOR)
    twin = store.create(SMALL, kind="keras", pair_id="p", who=OPERATOR)
    return first, twin


def waiting_ids(store):
    return [run.id for run in WorkQueue(store).waiting()]


@pytest.mark.parametrize("status", ["queued", "running", "paused"])
def test_keras_waits_while_numpy_goes_on(store, pair, status):
    first, twin = pair
    store.update(first.id, status=status)
    assert twin.id not in waiting_ids(store)
    assert WorkQueue(store).follower(first.id) is None


def test_the_worker_goes_on_with_keras_when_numpy_has_ended(store, pair):
    first, twin = pair
    store.update(first.id, status="finished", finished_at_utc=datetime.now(UTC))
    assert waiting_ids(store) == []
    assert WorkQueue(store).follower(first.id) == Ticket("run", twin.id, 1)
    assert WorkQueue(store).follower(twin.id) is None
    assert WorkQueue(store).claim(Ticket("run", twin.id, 1))
    assert WorkQueue(store).follower(first.id) is None
    silent = datetime.now(UTC) - timedelta(seconds=STALE_AFTER_S + 1)
    store.update(twin.id, heartbeat_at_utc=silent)
    assert waiting_ids(store) == []  # it may be loading TensorFlow


def test_another_worker_takes_keras_when_the_first_has_died(store, pair):
    first, twin = pair
    ended = datetime.now(UTC) - timedelta(seconds=STALE_AFTER_S + 1)
    store.update(first.id, status="failed", finished_at_utc=ended)
    assert waiting_ids(store) == [twin.id]


def test_keras_is_free_when_numpy_was_deleted(store, pair):
    first, twin = pair
    store.delete(first.id, who=OPERATOR)
    assert waiting_ids(store) == [twin.id]


def test_a_keras_run_of_its_own_waits_for_nobody(store):
    alone = store.create(SMALL, kind="keras", who=OPERATOR)
    store.create(SMALL, who=OPERATOR)
    assert alone.id in waiting_ids(store)


def test_a_pair_is_submitted_whole_or_not_at_all(store):
    engine = Engine(store, NOWHERE)
    try:
        first = store.get(submit_pair(engine, SMALL, who=OPERATOR), who=OPERATOR)
        twin = twin_of(store, first, who=OPERATOR)
        assert (twin.kind, twin.pair_id, twin.name) == ("keras", first.pair_id, f"{first.name} twin")
        assert is_first(first)
        assert not is_first(twin)
        with pytest.raises(LimitError, match="at most 3 of yours"):
            submit_pair(engine, SMALL, who=OPERATOR)
        assert len(store.list_runs(who=OPERATOR)) == 2
        store.delete(twin.id, who=OPERATOR)
        assert twin_of(store, first, who=OPERATOR) is None
    finally:
        engine.close()


def until(condition, timeout_s=120):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_pair_is_trained_on_one_worker_and_compared_after_every_epoch(store):
    engine = Engine(store, Settings(workers=1, scheduler_address=None))
    try:
        first_id = submit_pair(engine, SMALL, who=OPERATOR)
        twin_id = twin_of(store, store.get(first_id, who=OPERATOR), who=OPERATOR).id
        until(lambda: store.get(twin_id, who=OPERATOR).has_ended)
        first, twin = store.get(first_id, who=OPERATOR), store.get(twin_id, who=OPERATOR)
        assert (first.status, twin.status) == ("finished", "finished"), twin.error
        assert first.worker == twin.worker
        assert first.threads == twin.threads
        assert first.finished_at_utc <= twin.started_at_utc
        assert twin.versions["keras"]
        assert abs(first.test_accuracy - twin.test_accuracy) < 0.001
        table = read_differences(store.load_artifact(twin_id, "differences", who=OPERATOR))
        assert table["epoch"].tolist() == [0, 1, 2]
        assert table["weights"].max() < 1e-5
        costs = store.history(first_id, who=OPERATOR)["cost"] - store.history(twin_id, who=OPERATOR)["cost"]
        assert table["cost"].tolist() == pytest.approx(costs.abs().tolist())
        engine.start_task("keras_fit", twin_id, who=OPERATOR)
        until(lambda: engine.task_state("keras_fit", twin_id, who=OPERATOR).status in ("finished", "failed"))
        assert engine.task_state("keras_fit", twin_id, who=OPERATOR).error == ""
        times = FitTimes.from_bytes(store.load_artifact(twin_id, "keras_fit", who=OPERATOR))
        assert len(times.epoch_s) == FIT_EPOCHS
        assert times.threads == twin.threads
    finally:
        engine.close()
