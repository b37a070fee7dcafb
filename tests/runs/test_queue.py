from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from mnist_core.runs import RunStore
from mnist_core.runs.queue import STALE_AFTER_S, Orders, RunQueue, Waiting
from mnist_core.runs.schema import runs
from mnist_core.runs.store import LeaseLostError
from mnist_core.training import Checkpoint, Point, TrainingConfig
from tests.runs.test_store import result

CONFIG = TrainingConfig(epochs=30)
LONG_AGO = datetime.now(UTC) - timedelta(seconds=STALE_AFTER_S + 60)


@pytest.fixture
def queue(store: RunStore) -> RunQueue:
    return RunQueue(store)


def taken(store: RunStore, queue: RunQueue) -> Waiting:
    """Create a run and take it, as a dispatcher does."""
    store.create(CONFIG)
    run = queue.take(queue.waiting()[-1])
    assert run is not None
    return run


def age(store: RunStore, run_id: str) -> None:
    """Let all signs of life of a run be old."""
    with store.database.write() as connection:
        signs = {"held_at_utc": LONG_AGO, "heartbeat_at_utc": LONG_AGO}
        connection.execute(runs.update().where(runs.c.id == run_id).values(signs))


def test_positions_follow_the_order_of_submission(store: RunStore, queue: RunQueue):
    made = [store.create(CONFIG).id for _ in range(3)]
    assert [queue.position(run_id) for run_id in made] == [1, 2, 3]
    assert [waiting.run_id for waiting in queue.waiting()] == made
    store.request(made[0], "stop")
    assert [queue.position(run_id) for run_id in made] == [None, 1, 2]


def test_one_of_two_dispatchers_gets_a_run(store: RunStore, queue: RunQueue):
    run = store.create(CONFIG)
    seen = queue.waiting()[0]
    assert queue.take(seen) == Waiting(run.id, 1)
    assert queue.take(seen) is None
    assert queue.waiting() == []


def test_a_run_without_signs_of_life_is_handed_out_again_first(store: RunStore, queue: RunQueue):
    waiting_longer = store.create(CONFIG)
    run = taken(store, queue)
    lease = queue.claim(run)
    assert lease is not None
    age(store, run.run_id)
    assert queue.waiting() == [run, Waiting(waiting_longer.id, 0)]
    queue.beat(run.run_id, lease)
    assert queue.waiting() == [Waiting(waiting_longer.id, 0)]
    age(store, run.run_id)
    queue.hold([run])
    assert queue.waiting() == [Waiting(waiting_longer.id, 0)]


def test_a_released_run_is_handed_out_at_once_and_its_worker_is_out(store: RunStore, queue: RunQueue):
    run = taken(store, queue)
    lease = queue.claim(run)
    assert lease is not None
    queue.release([run])
    assert queue.waiting() == [run]
    with pytest.raises(LeaseLostError):
        queue.beat(run.run_id, lease)


def test_a_former_dispatcher_has_no_say(store: RunStore, queue: RunQueue):
    run = taken(store, queue)
    age(store, run.run_id)
    again = queue.take(run)
    assert again == Waiting(run.run_id, 2)
    lease = queue.claim(again)
    assert lease is not None
    queue.release([run])
    queue.fail(run, "words", "trace")
    queue.beat(run.run_id, lease)
    assert store.get(run.run_id).status == "running"
    queue.fail(again, "words", "trace")
    failed = store.get(run.run_id)
    assert (failed.status, failed.error, failed.traceback) == ("failed", "words", "trace")


def test_a_claim_continues_from_the_checkpoint(store: RunStore, queue: RunQueue):
    run = taken(store, queue)
    first = queue.claim(run)
    points = [Point(epoch, 100 * epoch + 100, 0.5, 0.5) for epoch in range(10)]
    store.append_epochs(run.run_id, [result(epoch) for epoch in range(10)], points, lease=first)
    store.save_checkpoint(run.run_id, Checkpoint(4, np.zeros(3)), lease=first)
    started = store.get(run.run_id).started_at_utc
    second = queue.claim(run)
    assert second not in {None, first}
    after = store.get(run.run_id)
    assert (after.status, after.epochs_done, after.started_at_utc) == ("running", 4, started)
    assert store.history(run.run_id)["epoch"].tolist() == [0, 1, 2, 3]
    assert store.points(run.run_id)["images_seen"].tolist() == [100, 200, 300, 400]
    with pytest.raises(LeaseLostError):
        store.append_epochs(run.run_id, [result(10)], lease=first)


@pytest.mark.parametrize("status", ["paused", "finished", "stopped", "diverged", "failed"])
def test_a_late_worker_finds_nothing_to_do(store: RunStore, queue: RunQueue, status: str):
    run = taken(store, queue)
    store.update(run.run_id, status=status)
    assert queue.claim(run) is None
    assert store.get(run.run_id).status == status


def test_an_old_handing_out_and_a_deleted_run_cannot_be_claimed(store: RunStore, queue: RunQueue):
    run = taken(store, queue)
    assert queue.claim(Waiting(run.run_id, 0)) is None
    store.delete(run.run_id)
    assert queue.claim(run) is None


def test_a_worker_leaves_only_if_its_orders_still_hold(store: RunStore, queue: RunQueue):
    run = taken(store, queue)
    lease = queue.claim(run)
    assert lease is not None
    store.request(run.run_id, "pause")
    orders = queue.orders(run.run_id, lease)
    assert orders == Orders("pause", 30)
    queue.enqueue(run.run_id, 30)  # somebody pressed Resume before the worker came to pause
    assert not queue.leave(run.run_id, lease, orders, {"status": "paused"})
    assert queue.orders(run.run_id, lease) == Orders("", 30)
    store.request(run.run_id, "pause")
    assert queue.leave(run.run_id, lease, orders, {"status": "paused"})
    after = store.get(run.run_id)
    assert (after.status, after.requested) == ("paused", "")


def test_resume_puts_a_paused_run_at_the_end_of_the_queue(store: RunStore, queue: RunQueue):
    run, other = store.create(CONFIG), store.create(CONFIG)
    store.request(run.id, "pause")
    queue.enqueue(run.id, 12)
    assert store.get(run.id).target_epochs == 12
    assert [queue.position(other.id), queue.position(run.id)] == [1, 2]


def test_resume_does_not_undo_a_stop(store: RunStore, queue: RunQueue):
    run = taken(store, queue)
    queue.claim(run)
    store.request(run.run_id, "stop")
    queue.enqueue(run.run_id, 30)
    assert store.get(run.run_id).requested == "stop"
