"""Tries: short runs that answer a slider. The newest wins, and ends the one before in the transaction that adds it."""

from typing import Literal

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from mnist_core.errors import LimitError
from mnist_core.runs import clock
from mnist_core.runs.admission import one_at_a_time
from mnist_core.runs.new_row import new_row
from mnist_core.runs.run import ACTIVE, UNFINISHED, Run
from mnist_core.runs.schema import artifacts, runs
from mnist_core.runs.store import RunStore
from mnist_core.training.config import TrainingConfig

BOUND_S = 3.0
KEPT, KEPT_OF_ALL = 100, 3000
MAX_PARAMETERS = 1_000_000
# Somebody moves a slider and waits: nothing in the queue is shorter.
PRIORITY = 2
REPLACED = "A newer try has taken its place."
BOUNDED = (
    f"It ended early, after the {BOUND_S:g} seconds of training that a try may take, and shows what it had learnt by "
    "then. Use fewer images or epochs, or keep it as a run."
)

TryState = Literal["queued", "running", "finished", "bounded", "replaced", "stopped", "diverged", "failed"]


def state_of(run: Run) -> TryState:
    """Return how a try is: as its status, but "bounded" if its time was over and "replaced" if a newer one ended it."""
    if run.error == BOUNDED:
        return "bounded"
    if run.error == REPLACED:
        return "replaced"
    return "stopped" if run.status == "paused" else run.status


def add_try(store: RunStore, config: TrainingConfig, visitor: str, most_of_all: int) -> str:
    """Queue a try, end the visitor's older one, delete what is too old, and return the new one's id.

    Parameters
    ----------
    most_of_all
        How many tries of all visitors may wait or run.

    Raises
    ------
    LimitError
        There are as many. The older try goes on.
    """
    row = new_row(config, visitor=visitor, purpose="try", priority=PRIORITY)
    with store.database.write() as connection:
        one_at_a_time(connection)
        _replace(connection, visitor)
        _check_room(connection, most_of_all)
        _delete_oldest(connection, runs.c.visitor == visitor, KEPT - 1)
        _delete_oldest(connection, runs.c.purpose == "try", KEPT_OF_ALL - 1)
        connection.execute(insert(runs).values(row))
    return str(row["id"])


def _replace(connection: Connection, visitor: str) -> None:
    """End the unfinished try of a visitor. A worker that has it finds its lease gone, and leaves it at once."""
    ended = {"status": "stopped", "error": REPLACED, "finished_at_utc": clock.now(), "requested": "", "lease": ""}
    mine = (runs.c.purpose == "try") & (runs.c.visitor == visitor)
    connection.execute(update(runs).where(mine, runs.c.status.in_(UNFINISHED)).values(ended))


def _check_room(connection: Connection, most: int) -> None:
    count = select(func.count()).select_from(runs).where(runs.c.purpose == "try", runs.c.status.in_(ACTIVE))
    there = connection.scalar(count) or 0
    if there >= most:
        raise LimitError(f"Tries at a time: at most {most} of all visitors, there are {there}. Try again in a moment.")


def _delete_oldest(connection: Connection, whose: ColumnElement[bool], kept: int) -> None:
    """Delete the ended tries beyond the newest; those that were replaced go first, as they have nothing to show."""
    ended = (runs.c.purpose == "try") & runs.c.status.not_in(UNFINISHED)
    order = (case((runs.c.error == REPLACED, 1), else_=0), runs.c.created_at_utc.desc(), runs.c.id)
    surplus = select(runs.c.id).where(ended, whose).order_by(*order).offset(kept).limit(KEPT_OF_ALL)
    ids = list(connection.scalars(surplus))
    if ids:
        connection.execute(delete(runs).where(runs.c.id.in_(ids)))
        connection.execute(delete(artifacts).where(artifacts.c.key.in_(ids)))
