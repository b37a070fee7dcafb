from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.going_on import go_on
from mnist_core.runs.queue import MAX_DEATHS, STALE_AFTER_S, Orders, Ticket, WorkQueue
from mnist_core.runs.rows import LeaseLostError
from mnist_core.runs.schema import runs
from mnist_core.training import Checkpoint, Point, TrainingConfig
from tests.runs.test_store import result

CONFIG = TrainingConfig(epochs=30)
LONG_AGO = datetime.now(UTC) - timedelta(seconds=STALE_AFTER_S + 60)


@pytest.fixture
def queue(store: RunStore) -> WorkQueue:
    return WorkQueue(store)


def taken(store: RunStore, queue: WorkQueue) -> Ticket:
    """Create a run and take it, as a dispatcher does."""
    store.create(CONFIG, who=OPERATOR)
    run = queue.take(queue.waiting()[-1])
    assert run is not None
    return run


def age(store: RunStore, run_id: str) -> None:
    """Let all signs of life of a run be old."""
    with store.database.write() as connection:
        signs = {"held_at_utc": LONG_AGO, "heartbeat_at_utc": LONG_AGO}
        connection.execute(runs.update().where(runs.c.id == run_id).values(signs))


def test_positions_follow_the_order_of_submission(store: RunStore, queue: WorkQueue):
    made = [store.create(CONFIG, who=OPERATOR).id for _ in range(3)]
    assert [queue.position(run_id, who=OPERATOR) for run_id in made] == [1, 2, 3]
    assert [waiting.id for waiting in queue.waiting()] == made
    store.request(made[0], "stop", who=OPERATOR)
    assert [queue.position(run_id, who=OPERATOR) for run_id in made] == [None, 1, 2]


def test_one_of_two_dispatchers_gets_a_run(store: RunStore, queue: WorkQueue):
    run = store.create(CONFIG, who=OPERATOR)
    seen = queue.waiting()[0]
    assert queue.take(seen) == Ticket("run", run.id, 1)
    assert queue.take(seen) is None
    assert queue.waiting() == []


def test_a_run_without_signs_of_life_is_handed_out_again_first(store: RunStore, queue: WorkQueue):
    waiting_longer = store.create(CONFIG, who=OPERATOR)
    run = taken(store, queue)
    lease = queue.claim(run)
    assert lease is not None
    age(store, run.id)
    assert queue.waiting() == [run, Ticket("run", waiting_longer.id, 0)]
    queue.beat(run, lease)
    assert queue.waiting() == [Ticket("run", waiting_longer.id, 0)]
    age(store, run.id)
    queue.hold([run])
    assert queue.waiting() == [Ticket("run", waiting_longer.id, 0)]


def test_a_released_run_is_handed_out_at_once_and_its_worker_is_out(store: RunStore, queue: WorkQueue):
    run = taken(store, queue)
    lease = queue.claim(run)
    assert lease is not None
    queue.release([run])
    assert queue.waiting() == [run]
    with pytest.raises(LeaseLostError):
        queue.beat(run, lease)


def test_a_former_dispatcher_has_no_say(store: RunStore, queue: WorkQueue):
    run = taken(store, queue)
    age(store, run.id)
    again = queue.take(run)
    assert again == Ticket("run", run.id, 2)
    lease = queue.claim(again)
    assert lease is not None
    for _ in range(MAX_DEATHS):
        queue.release([run])
        queue.lose([run])
        queue.fail(run, "words", "trace")
    queue.beat(again, lease)
    assert (store.get(run.id, who=OPERATOR).status, store.get(run.id, who=OPERATOR).deaths) == ("running", 0)


def died(store: RunStore, queue: WorkQueue, how: str, ticket: Ticket) -> Ticket:
    """Let a worker begin and die, and the run be handed out again; return the newest ticket."""
    assert queue.claim(ticket) is not None
    if how == "dask tries again":
        return ticket
    if how == "the cluster died":
        queue.lose([ticket])
    elif how == "dask gave up":
        queue.fail(ticket, "words", "trace")
    else:
        age(store, ticket.id)
    return queue.take(ticket) or ticket


HOW = ["dask tries again", "the cluster died", "dask gave up", "the server died"]


@pytest.mark.parametrize("how", HOW)
def test_a_run_that_kills_whoever_touches_it_steps_aside(store: RunStore, queue: WorkQueue, how: str):
    run = taken(store, queue)
    other = store.create(CONFIG, who=OPERATOR)
    for _ in range(MAX_DEATHS):
        run = died(store, queue, how, run)
    assert queue.claim(run) is None
    failed = store.get(run.id, who=OPERATOR)
    assert (failed.status, failed.deaths) == ("failed", MAX_DEATHS)
    assert failed.error == "words" if how == "dask gave up" else "without getting further" in failed.error
    assert failed.finished_at_utc is not None
    assert queue.waiting() == [Ticket("run", other.id, 0)]
    go_on(store, run.id, CONFIG.epochs, who=OPERATOR)
    resumed = store.get(run.id, who=OPERATOR)
    assert (resumed.status, resumed.deaths, resumed.error, resumed.finished_at_utc) == ("queued", 0, "", None)
    assert queue.waiting()[-1] == Ticket("run", run.id, run.attempt)


@pytest.mark.parametrize("how", HOW)
def test_deaths_with_progress_between_them_do_not_count(store: RunStore, queue: WorkQueue, how: str):
    run = taken(store, queue)
    for epochs_done in range(3 * MAX_DEATHS):
        lease = queue.claim(run)
        assert lease is not None
        store.save_checkpoint(run.id, Checkpoint(epochs_done, np.zeros(3)), lease=lease)
        run = died(store, queue, how, run)
    assert store.get(run.id, who=OPERATOR).status == "running"


def test_the_same_checkpoint_again_is_no_progress(store: RunStore, queue: WorkQueue):
    run = taken(store, queue)
    for _ in range(MAX_DEATHS):
        lease = queue.claim(run)
        assert lease is not None
        store.save_checkpoint(run.id, Checkpoint(7, np.zeros(3)), lease=lease)
    assert queue.claim(run) is None
    assert store.get(run.id, who=OPERATOR).status == "failed"


def test_an_orderly_end_is_no_death(store: RunStore, queue: WorkQueue):
    run = taken(store, queue)
    for _ in range(2 * MAX_DEATHS):
        assert queue.claim(run) is not None
        queue.release([run])
        again = queue.take(run)
        assert again is not None
        run = again
    assert store.get(run.id, who=OPERATOR).deaths == 0


def test_a_cluster_that_dies_before_the_run_began_is_not_its_fault(store: RunStore, queue: WorkQueue):
    run = taken(store, queue)
    for _ in range(2 * MAX_DEATHS):
        queue.lose([run])
        again = queue.take(run)
        assert again is not None
        run = again
    assert store.get(run.id, who=OPERATOR).deaths == 0


def test_a_claim_continues_from_the_checkpoint(store: RunStore, queue: WorkQueue):
    run = taken(store, queue)
    first = queue.claim(run)
    points = [Point(epoch, 100 * epoch + 100, 0.5, 0.5) for epoch in range(10)]
    store.append_epochs(run.id, [result(epoch) for epoch in range(10)], points, lease=first)
    store.save_checkpoint(run.id, Checkpoint(4, np.zeros(3)), lease=first)
    started = store.get(run.id, who=OPERATOR).started_at_utc
    second = queue.claim(run)
    assert second not in {None, first}
    after = store.get(run.id, who=OPERATOR)
    assert (after.status, after.epochs_done, after.started_at_utc) == ("running", 4, started)
    assert store.history(run.id, who=OPERATOR)["epoch"].tolist() == [0, 1, 2, 3]
    assert store.points(run.id, who=OPERATOR)["images_seen"].tolist() == [100, 200, 300, 400]
    with pytest.raises(LeaseLostError):
        store.append_epochs(run.id, [result(10)], lease=first)


@pytest.mark.parametrize("status", ["paused", "finished", "stopped", "diverged", "failed"])
def test_a_late_worker_finds_nothing_to_do(store: RunStore, queue: WorkQueue, status: str):
    run = taken(store, queue)
    store.update(run.id, status=status)
    assert queue.claim(run) is None
    assert store.get(run.id, who=OPERATOR).status == status


def test_an_old_handing_out_and_a_deleted_run_cannot_be_claimed(store: RunStore, queue: WorkQueue):
    run = taken(store, queue)
    assert queue.claim(Ticket("run", run.id, 0)) is None
    store.delete(run.id, who=OPERATOR)
    assert queue.claim(run) is None


def test_a_worker_leaves_only_if_its_orders_still_hold(store: RunStore, queue: WorkQueue):
    run = taken(store, queue)
    lease = queue.claim(run)
    assert lease is not None
    store.request(run.id, "pause", who=OPERATOR)
    orders = queue.orders(run, lease)
    assert orders == Orders("pause", 30)
    go_on(store, run.id, 30, who=OPERATOR)  # somebody pressed Resume before the worker came to pause
    assert not queue.leave(run, lease, orders, {"status": "paused"})
    assert queue.orders(run, lease) == Orders("", 30)
    store.request(run.id, "pause", who=OPERATOR)
    assert queue.leave(run, lease, orders, {"status": "paused"})
    after = store.get(run.id, who=OPERATOR)
    assert (after.status, after.requested) == ("paused", "")


def test_resume_puts_a_paused_run_at_the_end_of_the_queue(store: RunStore, queue: WorkQueue):
    run, other = store.create(CONFIG, who=OPERATOR), store.create(CONFIG, who=OPERATOR)
    store.request(run.id, "pause", who=OPERATOR)
    go_on(store, run.id, 12, who=OPERATOR)
    assert store.get(run.id, who=OPERATOR).target_epochs == 12
    assert [queue.position(other.id, who=OPERATOR), queue.position(run.id, who=OPERATOR)] == [1, 2]


def test_resume_does_not_undo_a_stop(store: RunStore, queue: WorkQueue):
    run = taken(store, queue)
    queue.claim(run)
    store.request(run.id, "stop", who=OPERATOR)
    go_on(store, run.id, 30, who=OPERATOR)
    assert store.get(run.id, who=OPERATOR).requested == "stop"
