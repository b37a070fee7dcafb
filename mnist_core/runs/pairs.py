"""Which run follows which: the Keras run of a pair comes right after its NumPy run, on the same worker."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, or_, select

from mnist_core.runs import clock
from mnist_core.runs.run import UNFINISHED
from mnist_core.runs.schema import runs


def find_follower(connection: Connection, run_id: str) -> Row[Any, Any] | None:
    """Return id and attempt of the queued Keras run of the pair whose NumPy run has just ended, or None."""
    first = runs.alias("first")
    query = select(runs.c.id, runs.c.attempt).where(
        first.c.id == run_id,
        first.c.kind == "numpy",
        first.c.status.not_in(UNFINISHED),
        runs.c.pair_id == first.c.pair_id,
        runs.c.kind == "keras",
        runs.c.status == "queued",
    )
    return connection.execute(query).first()


def follows_another(just_now_s: float) -> ColumnElement[bool]:
    """Match the queued Keras run of a pair whose NumPy run has not ended, or only just: its worker goes on with it."""
    first = runs.alias("first")
    just_now = clock.now(-just_now_s)
    goes_on = or_(first.c.status.in_(UNFINISHED), first.c.finished_at_utc > just_now)
    is_first = (first.c.pair_id == runs.c.pair_id) & (first.c.kind == "numpy") & first.c.deleted_at_utc.is_(None)
    return (runs.c.kind == "keras") & (runs.c.status == "queued") & exists().where(is_first, goes_on)
