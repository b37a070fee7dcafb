"""Leases go by the database's clock, so that a server whose own clock is wrong neither steals nor loses runs."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from mnist_core.runs import RunStore
from mnist_core.runs.clock import now


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
