"""What runs may take on the disk, and which go first when there is no room for a new one."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select, true

from mnist_core.errors import LimitError
from mnist_core.runs import clock
from mnist_core.runs.run import UNFINISHED
from mnist_core.runs.schema import artifacts, runs

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Quota:
    """What runs may take, counted by what each may come to take at most.

    Attributes
    ----------
    visitor_bytes, store_bytes
        Of the runs of one visitor, and of all.
    min_free_bytes
        What must stay free on the disk, where that can be seen.
    keep_days
        When there is no room, ended runs older than this go first, the oldest before the others. Runs that a person has
        named or pinned never go by themselves.
    """

    visitor_bytes: int
    store_bytes: int
    min_free_bytes: int
    keep_days: int


def make_room(connection: Connection, quota: Quota, owner: str, size: int, free_bytes: int | None) -> None:
    """Delete what may go until `size` bytes more fit, inside the transaction that adds the run.

    Raises
    ------
    LimitError
        They do not fit; then the transaction must not be committed, and nothing is deleted.
    """
    if free_bytes is not None and free_bytes - size < quota.min_free_bytes:
        raise LimitError(
            f"The server's disk is nearly full: {max(0, free_bytes) / 1e6:.0f} MB are free, and "
            f"{quota.min_free_bytes / 1e6:.0f} MB stay free for runs under way. Delete runs on the Runs page first."
        )
    mine = (runs.c.owner == owner) & (runs.c.purpose == "run")
    _fit(connection, quota, mine, quota.visitor_bytes - size, "Your runs")
    _fit(connection, quota, true(), quota.store_bytes - size, "All runs together")


def _fit(connection: Connection, quota: Quota, whose: ColumnElement[bool], most: int, words: str) -> None:
    taken = int(connection.scalar(select(func.sum(runs.c.expected_bytes)).where(whose)) or 0)
    for run_id, size in connection.execute(_may_go(quota).where(whose)).all() if taken > most else ():
        if taken <= most:
            break
        connection.execute(delete(runs).where(runs.c.id == run_id))
        connection.execute(delete(artifacts).where(artifacts.c.key == run_id))
        taken -= size
    if taken > most:
        raise LimitError(
            f"{words} would take more disk space than is allowed: there are {taken / 1e6:.0f} MB, and at most "
            f"{max(0, most) / 1e6:.0f} MB would leave room for this run. Delete runs on the Runs page first."
        )


def _may_go(quota: Quota) -> Select[str, int]:
    old = runs.c.created_at_utc < clock.now(-quota.keep_days * _DAY_S)
    ended = runs.c.status.not_in(UNFINISHED)
    query = select(runs.c.id, runs.c.expected_bytes).where(ended, old, ~runs.c.named, ~runs.c.pinned)
    return query.order_by(runs.c.created_at_utc, runs.c.id)
