"""The queue is fair between addresses, and between the owners behind one, whoever queues how much."""

from datetime import UTC, datetime, timedelta

import pytest

from mnist_core.runs import OPERATOR, RunStore, Who
from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.turns import Lately, Waiting, in_turn
from mnist_core.runs.wait import expected_wait_s
from mnist_core.training import TrainingConfig
from mnist_core.training.foresee import training_s

CONFIG = TrainingConfig(epochs=30)
START = datetime(2026, 11, 25, tzinfo=UTC)
NOBODY = Lately()


def waiting(name: str, second: int, owner: str, address: str = "school", priority: int = 0) -> Waiting:
    return Waiting("run", name, 0, False, priority, START + timedelta(seconds=second), owner, address)


def order(work: list[Waiting], owners: Lately = NOBODY, addresses: Lately = NOBODY) -> str:
    return " ".join(each.id for each in in_turn(work, owners, addresses))


def test_owners_take_turns_and_each_one_keeps_the_own_order():
    many = [waiting(f"a{n}", n, "ann") for n in range(3)]
    others = [waiting("b0", 10, "bob"), waiting("b1", 11, "bob"), waiting("c0", 12, "cem")]
    assert order(many + others) == "a0 b0 c0 a1 b1 a2"


def test_who_has_less_under_way_comes_first_then_who_started_longer_ago():
    work = [waiting("a0", 0, "ann"), waiting("b0", 1, "bob"), waiting("c0", 2, "cem")]
    assert order(work, Lately({"ann": 1})) == "b0 c0 a0"
    started = {"ann": START, "bob": START - timedelta(minutes=1)}
    assert order(work, Lately({}, started)) == "c0 b0 a0"


def test_addresses_take_turns_before_their_owners_do():
    flood = [waiting(f"x{n}", n, f"cookie {n}", "elsewhere") for n in range(100)]
    honest = waiting("mine", 1000, "me", "home")
    assert order([*flood, honest]).split()[:3] == ["x0", "mine", "x1"]
    assert order([*flood, honest], addresses=Lately({"elsewhere": 1})).split()[0] == "mine"
    assert order([*flood, honest], addresses=Lately({}, {"elsewhere": START})).split()[0] == "mine"


def test_what_is_interrupted_or_urgent_goes_before_any_turn():
    work = [waiting("a0", 0, "ann"), waiting("task", 5, "ann", priority=1), waiting("b0", 1, "bob")]
    interrupted = Waiting("run", "again", 1, True, 0, START + timedelta(seconds=9), "ann", "school")
    assert order([*work, interrupted], Lately({"ann": 3})) == "again task b0 a0"


def test_fifty_runs_of_one_delay_anothers_first_by_one_run(store: RunStore):
    """One worker: whoever comes while a run is trained is next after it."""
    queue, ann, bob = WorkQueue(store), Who("ann", "1.1.1.1"), Who("bob", "1.1.1.1")
    for _ in range(50):
        store.create(CONFIG, who=ann)
    work_on_the_next(queue, ends=True)
    theirs = [store.create(CONFIG, who=bob).id for _ in range(2)]
    assert [queue.position(run_id, who=bob) for run_id in theirs] == [1, 3]
    began = [work_on_the_next(queue, ends=True) for _ in range(4)]
    assert (began[0], began[2]) == tuple(theirs)
    assert theirs[0] not in (began[1], began[3])


def test_an_honest_visitor_is_next_whatever_a_flood_of_cookies_has_queued(store: RunStore):
    queue, honest = WorkQueue(store), Who("honest", "9.9.9.9")
    for n in range(150):
        store.create(CONFIG, who=Who(f"cookie {n % 100}", "6.6.6.6"))
    for _ in range(3):
        work_on_the_next(queue, ends=True)
    mine = store.create(CONFIG, who=honest)
    assert queue.position(mine.id, who=honest) == 1
    assert queue.ahead(mine.id, who=honest) == []
    assert work_on_the_next(queue) == mine.id


def test_the_expected_wait_is_what_is_left_of_the_work_before_it(store: RunStore):
    first, second = (store.create(CONFIG, who=Who("me")) for _ in range(2))
    one_s = training_s(CONFIG)  # no try has been measured: at speed 1
    assert expected_wait_s(store, first, 1, who=OPERATOR) == 0
    assert expected_wait_s(store, second, 1, who=OPERATOR) == pytest.approx(one_s)
    assert expected_wait_s(store, second, 2, who=OPERATOR) == pytest.approx(one_s / 2)
    work_on_the_next(WorkQueue(store))
    store.update(first.id, epochs_done=CONFIG.epochs // 2)
    assert expected_wait_s(store, second, 1, who=OPERATOR) == pytest.approx(one_s / 2)
    assert expected_wait_s(store, first, 1, who=OPERATOR) is None


def test_nobody_learns_the_place_of_a_run_that_they_may_not_see(store: RunStore):
    queue, me = WorkQueue(store), Who("me")
    run = store.create(CONFIG, who=me)
    store.share(run.id, "owner", who=me)
    assert queue.position(run.id, who=Who("stranger")) is None
    assert (queue.position(run.id, who=me), queue.position(run.id, who=OPERATOR)) == (1, 1)


def work_on_the_next(queue: WorkQueue, *, ends: bool = False) -> str:
    """Do what a dispatcher and a worker do, and return the id of the run."""
    ticket = queue.take(queue.waiting()[0])
    assert ticket is not None
    lease = queue.claim(ticket)
    assert lease is not None
    if ends:
        queue.end(ticket, lease, "finished")
    return ticket.id
