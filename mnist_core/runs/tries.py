"""Tries: short runs that answer a slider. The newest wins, and ends the one before in the transaction that adds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from mnist_core.errors import LimitError
from mnist_core.nn import MLP
from mnist_core.runs import clock
from mnist_core.runs.admission import one_at_a_time
from mnist_core.runs.blobs import checkpoint_to_bytes
from mnist_core.runs.history import write_epochs, write_points
from mnist_core.runs.new_row import new_row
from mnist_core.runs.rights import check_may_act
from mnist_core.runs.rows import touch, write_artifact
from mnist_core.runs.run import ACTIVE, UNFINISHED, Run, RunStatus
from mnist_core.runs.schema import artifacts, checkpoints, runs
from mnist_core.runs.store import RunStore
from mnist_core.runs.who import Who
from mnist_core.training.config import TrainingConfig
from mnist_core.training.results import Checkpoint, EpochResult, Point

BOUND_S = 3.0
# Of one visitor, of all behind one network address, and of all.
KEPT, KEPT_OF_AN_ADDRESS, KEPT_OF_ALL = 100, 1500, 3000
MAX_PARAMETERS = 1_000_000
# Somebody moves a slider and waits: nothing in the queue is shorter.
PRIORITY = 2
REPLACED = "A newer try has taken its place."
BOUNDED = (
    f"It ended early, after the {BOUND_S:g} seconds of training that a try may take, and shows what it had learnt by "
    "then. Use fewer images or epochs, or keep it as a run."
)
# The kind of the artifact that has a try's newest guesses for the digits to watch, a byte for each.
GUESSES = "guesses"

TryState = Literal["queued", "running", "finished", "bounded", "replaced", "stopped", "diverged", "failed"]


@dataclass(frozen=True, slots=True)
class News:
    """What a worker has to write of a try.

    Attributes
    ----------
    epochs, points
        Those since the last time.
    guesses
        A byte for each digit to watch.
    status
        That in which it ends; None before.
    epochs_done, network
        The final network, after so many whole passes; None before the end.
    """

    epochs: Sequence[EpochResult]
    points: Sequence[Point]
    guesses: bytes
    status: RunStatus | None = None
    epochs_done: int = 0
    network: MLP | None = None


def state_of(run: Run) -> TryState:
    """Return how a try is: as its status, but "bounded" if its time was over and "replaced" if a newer one ended it."""
    return outcome(run.status, run.error)


def outcome(status: RunStatus, error: str) -> TryState:
    """Return the same from a try's status and error."""
    if error == BOUNDED:
        return "bounded"
    if error == REPLACED:
        return "replaced"
    return "stopped" if status == "paused" else status


def add_try(
    store: RunStore, config: TrainingConfig, most_of_all: int, *, who: Who, most_of_an_address: int | None = None
) -> str:
    """Queue a try of `who`, end the older one, delete what is too old, and return the new one's id.

    Parameters
    ----------
    most_of_all
        How many tries of all visitors may wait or run.
    most_of_an_address
        How many of all who come from one network address; None for no limit.

    Raises
    ------
    LimitError
        There are as many. The older try goes on.
    RightsError
        `who` may start nothing just now.
    """
    row = new_row(config, who, purpose="try", priority=PRIORITY)
    with store.database.write() as connection:
        one_at_a_time(connection)
        check_may_act(connection, who)
        _replace(connection, who.identity)
        _check_room(connection, who, most_of_all, most_of_an_address)
        _delete_oldest(connection, runs.c.owner == who.identity, KEPT - 1)
        if who.address:
            _delete_oldest(connection, runs.c.address == who.address, KEPT_OF_AN_ADDRESS - 1)
        _delete_oldest(connection, runs.c.purpose == "try", KEPT_OF_ALL - 1)
        connection.execute(insert(runs).values(row))
    return str(row["id"])


def measured(store: RunStore, newest: int = 10) -> list[tuple[TrainingConfig, float]]:
    """Return recipe and training time in seconds of the newest tries of all visitors that trained to their end."""
    query = select(runs.c.config, runs.c.train_s).where(runs.c.purpose == "try", runs.c.status == "finished")
    query = query.where(runs.c.error == "").order_by(runs.c.created_at_utc.desc()).limit(newest)
    with store.database.read() as connection:
        rows = connection.execute(query).all()
    return [(config, took_s) for config, took_s in rows if isinstance(config, TrainingConfig)]


def write_try(store: RunStore, try_id: str, lease: str, news: News, **values: object) -> None:
    """Write what is new of a try, and other fields of its row, in one transaction.

    Raises
    ------
    LeaseLostError
        It was deleted, replaced, or handed to another worker.
    """
    with store.database.write() as connection:
        touch(connection, try_id, lease, _progress(news) | values)
        write_epochs(connection, try_id, news.epochs)
        write_points(connection, try_id, news.points)
        write_artifact(connection, try_id, GUESSES, news.guesses)
        if news.network is not None:
            kept = Checkpoint(epochs_done=news.epochs_done, parameters=news.network.parameters)
            connection.execute(delete(checkpoints).where(checkpoints.c.run_id == try_id))
            content = checkpoint_to_bytes(kept)
            connection.execute(insert(checkpoints).values(run_id=try_id, epochs_done=news.epochs_done, content=content))


def _progress(news: News) -> dict[str, object]:
    values: dict[str, object] = {"heartbeat_at_utc": clock.now()}
    if news.epochs:
        last = news.epochs[-1]
        values |= {"epochs_done": last.epoch + 1, "train_s": last.elapsed_s}
        values["validation_accuracy"] = last.validation_accuracy
    if news.status is not None:
        values |= {"status": news.status, "finished_at_utc": clock.now(), "requested": "", "lease": ""}
    return values


def _replace(connection: Connection, owner: str) -> None:
    """End the unfinished try of a visitor. A worker that has it finds its lease gone, and leaves it at once."""
    ended = {"status": "stopped", "error": REPLACED, "finished_at_utc": clock.now(), "requested": "", "lease": ""}
    mine = (runs.c.purpose == "try") & (runs.c.owner == owner)
    connection.execute(update(runs).where(mine, runs.c.status.in_(UNFINISHED)).values(ended))


def _check_room(connection: Connection, who: Who, most: int, most_of_an_address: int | None) -> None:
    count = select(func.count()).select_from(runs).where(runs.c.purpose == "try", runs.c.status.in_(ACTIVE))
    if who.address and most_of_an_address is not None:
        there = connection.scalar(count.where(runs.c.address == who.address)) or 0
        if there >= most_of_an_address:
            raise LimitError(
                f"Tries at a time: at most {most_of_an_address} from one network address, there are {there}. Others at "
                "yours have as many; try again in a moment."
            )
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
