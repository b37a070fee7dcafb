"""Leases go by the database's clock, so that a server whose own clock is wrong neither steals nor loses runs."""

import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.clock import now
from mnist_core.runs.queue import Ticket, WorkQueue
from mnist_core.runs.schema import runs
from mnist_core.training import TrainingConfig


def test_now_is_the_present_time_in_utc_and_can_be_earlier_or_later(store: RunStore):
    with store.database.read() as connection:
        before, at, after = connection.execute(select(now(-1.5), now(), now(30))).one()
    assert abs(at - datetime.now(UTC)) < timedelta(seconds=20)
    assert timedelta(seconds=1.4) < at - before < timedelta(seconds=1.6)
    assert timedelta(seconds=29.9) < after - at < timedelta(seconds=30.1)


def test_now_is_compared_with_stored_times_to_the_millisecond(store: RunStore):
    with store.database.write() as connection:
        first = connection.scalar(select(now()))
        second = connection.scalar(select(now()))
        assert first <= second
        assert connection.scalar(select(now() >= second))
        assert not connection.scalar(select(now() > second + timedelta(seconds=60)))


# A server whose clock is wrong by some hours, as far as any of our code asks for the time.
WRONG_SERVER = """
    import datetime, sys
    from mnist_core.jobs import Engine
    from mnist_core.runs import RunStore
    from mnist_core.runs.queue import WorkQueue
    class Wrong(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + datetime.timedelta(hours=float(sys.argv[2]))
    for name, module in sys.modules.items():
        if name.startswith("mnist_core") and getattr(module, "datetime", None) is datetime.datetime:
            module.datetime = Wrong
    queue = WorkQueue(RunStore(sys.argv[1]))
    waiting = queue.waiting()
    print("sees", *(ticket.id for ticket in waiting))
    (mine,) = [ticket for ticket in waiting if ticket.id == sys.argv[3]]
    queue.claim(queue.take(mine))
"""


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_server_with_a_wrong_clock_neither_steals_runs_nor_loses_its_own(store: RunStore, hours: float):
    ours, theirs = store.create(TrainingConfig(), who=OPERATOR), store.create(TrainingConfig(), who=OPERATOR)
    ticket = WorkQueue(store).take(Ticket("run", ours.id, 0))
    assert ticket is not None
    with store.database.write() as connection:  # as if the sign of life came when the other process has started
        connection.execute(update(runs).where(runs.c.id == ours.id).values(held_at_utc=now(30)))
    command = [sys.executable, "-c", textwrap.dedent(WRONG_SERVER), store.url, str(hours), theirs.id]
    seen = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert seen.split() == ["sees", theirs.id]
    with store.database.read() as connection:
        query = select(now(), runs.c.held_at_utc, runs.c.heartbeat_at_utc, runs.c.started_at_utc)
        at, *signs = connection.execute(query.where(runs.c.id == theirs.id)).one()
    assert all(abs(at - sign) < timedelta(minutes=5) for sign in signs)


def test_signs_of_life_from_the_future_do_not_leave_a_run_to_nobody(store: RunStore):
    """They are there when the clock of the database has been set back."""
    queue = WorkQueue(store)
    run = store.create(TrainingConfig(), who=OPERATOR)
    ticket = queue.take(queue.waiting()[0])
    assert ticket is not None
    assert queue.waiting() == []
    with store.database.write() as connection:
        connection.execute(update(runs).values(held_at_utc=now(3600), heartbeat_at_utc=now(3600)))
    assert [waiting.id for waiting in queue.waiting()] == [run.id]
    queue.hold([ticket])
    assert queue.waiting() == []


def test_a_run_is_silent_by_the_clock_that_set_its_heartbeat(store: RunStore):
    run = store.create(TrainingConfig(), who=OPERATOR)
    for age_s, is_silent in ((0.0, False), (60.0, True)):
        with store.database.write() as connection:
            connection.execute(update(runs).values(status="running", heartbeat_at_utc=now(-age_s)))
        assert store.get(run.id, who=OPERATOR).is_silent is is_silent
