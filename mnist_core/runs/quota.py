"""What runs may take on the disk, and which go first when there is no room for a new one."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select, true

from mnist_core.errors import LimitError
from mnist_core.runs import clock
from mnist_core.runs.run import UNFINISHED
from mnist_core.runs.schema import artifacts, runs
from mnist_core.runs.who import Who

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Quota:
    """What runs may take, counted by what each may come to take at most.

    Attributes
    ----------
    visitor_bytes, address_bytes, store_bytes
        Of the runs of one visitor, of those from one network address, and of all.
    min_free_bytes
        What must stay free on the disk, where that can be seen.
    keep_days
        When there is no room, what is in the trash goes first, then ended runs older than this, the oldest before the
        others. Runs that a person has named or pinned never go by themselves.
    """

    visitor_bytes: int
    address_bytes: int
    store_bytes: int
    min_free_bytes: int
    keep_days: int


def make_room(connection: Connection, quota: Quota, who: Who, size: int, free_bytes: int | None) -> None:
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
    mine = (runs.c.owner == who.identity) & (runs.c.purpose == "run")
    _fit(connection, quota, mine, quota.visitor_bytes - size, "Your runs")
    if who.address:
        _fit(connection, quota, runs.c.address == who.address, quota.address_bytes - size, "Runs from your address")
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
    spare = runs.c.status.not_in(UNFINISHED) & old & ~runs.c.named & ~runs.c.pinned
    in_trash = runs.c.deleted_at_utc.is_not(None)
    query = select(runs.c.id, runs.c.expected_bytes).where(in_trash | spare)
    return query.order_by(in_trash.desc(), runs.c.deleted_at_utc, runs.c.created_at_utc, runs.c.id)
