"""Who may work on a run: the queue of waiting runs, and leases that keep two workers from writing to one run.

Servers and workers show signs of life in the run's row. A run without one is taken over by whoever notices first, so
that several servers may share a database, and any of them may die. The
clocks of machines that share one must agree to a second or two.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, case, exists, func, or_, select, tuple_, update

from mnist_core.runs.history import drop_epochs
from mnist_core.runs.run import ACTIVE, Request
from mnist_core.runs.schema import checkpoints, runs
from mnist_core.runs.store import LeaseLostError, RunStore, touch

STALE_AFTER_S = 5.0
_START_OF_KERAS_S = 30.0
UNFINISHED = (*ACTIVE, "paused")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run that nobody works on, and how often it was handed out before."""

    run_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is asked to do: a request that is not fulfilled yet, and after how many epochs to pause."""

    requested: Request
    target_epochs: int


class RunQueue:
    """The runs of a store as work: handed out by servers' dispatchers, done by workers."""

    def __init__(self, store: RunStore) -> None:
        self._database = store.database

    # For the engine

    def enqueue(self, run_id: str, target_epochs: int) -> None:
        """Let a paused run go on to `target_epochs`; one that has not paused yet forgets that it should."""
        now = datetime.now(UTC)
        still_to_stop = case((runs.c.requested == "stop", "stop"), else_="")
        again = {"status": "queued", "queued_at_utc": now, "held_at_utc": None, "heartbeat_at_utc": None}
        with self._database.write() as connection:
            touch(connection, run_id, None, {"requested": still_to_stop, "target_epochs": target_epochs})
            connection.execute(update(runs).where(runs.c.id == run_id, runs.c.status == "paused").values(again))

    def position(self, run_id: str) -> int | None:
        """Return 1 for the run that is next, 2 for the one after it ...; None for a run that is not waiting."""
        mine = select(runs.c.queued_at_utc).where(runs.c.id == run_id, runs.c.status == "queued")
        with self._database.read() as connection:
            since = connection.scalar(mine)
            if since is None:
                return None
            earlier = select(func.count()).select_from(runs).where(runs.c.status == "queued")
            return 1 + (connection.scalar(earlier.where(runs.c.queued_at_utc < since)) or 0)

    # For dispatchers

    def waiting(self) -> list[Waiting]:
        """Return the runs that nobody works on, in the order in which to hand them out: interrupted ones first."""
        first = case((runs.c.status == "running", 0), else_=1)
        query = select(runs.c.id, runs.c.attempt).where(*_ownerless(), ~_follows_another())
        query = query.order_by(first, runs.c.queued_at_utc)
        with self._database.read() as connection:
            return [Waiting(run_id, attempt) for run_id, attempt in connection.execute(query)]

    def take(self, run: Waiting) -> Waiting | None:
        """Take over a run to hand it to a cluster, or return None if another server was faster."""
        query = update(runs).where(runs.c.id == run.run_id, runs.c.attempt == run.attempt, *_ownerless())
        with self._database.write() as connection:
            taken = connection.execute(query.values(attempt=run.attempt + 1, held_at_utc=datetime.now(UTC))).rowcount
        return Waiting(run.run_id, run.attempt + 1) if taken else None

    def follower(self, run_id: str) -> Waiting | None:
        """Take over the queued Keras run of the pair whose NumPy run has just ended; None if there is no such run."""
        first = runs.alias("first")
        query = select(runs.c.id, runs.c.attempt).where(
            first.c.id == run_id,
            first.c.kind == "numpy",
            first.c.status.not_in(UNFINISHED),
            runs.c.pair_id == first.c.pair_id,
            runs.c.kind == "keras",
            runs.c.status == "queued",
        )
        with self._database.write() as connection:
            found = connection.execute(query).first()
            if found is None:
                return None
            taken = runs.c.id == found.id, runs.c.attempt == found.attempt
            # No server holds this run, and while TensorFlow is loaded the worker may be too busy for a sign of life.
            held = datetime.now(UTC) + timedelta(seconds=_START_OF_KERAS_S)
            values = {"attempt": found.attempt + 1, "held_at_utc": held}
            connection.execute(update(runs).where(*taken).values(values))
        return Waiting(found.id, found.attempt + 1)

    def hold(self, held: Collection[Waiting]) -> None:
        """Show that these runs are still in the hands of a cluster."""
        self._set(held, {"held_at_utc": datetime.now(UTC)})

    def release(self, held: Collection[Waiting]) -> None:
        """Let these runs be handed out again at once: their cluster is gone, and their workers with it."""
        self._set(held, {"held_at_utc": None, "heartbeat_at_utc": None, "lease": ""})

    def fail(self, run: Waiting, error: str, traceback: str) -> None:
        """Note that a cluster could not do the run."""
        outcome = {"error": error, "traceback": traceback, "finished_at_utc": datetime.now(UTC)}
        self._set([run], {"status": "failed", "requested": "", "lease": "", **outcome})

    def _set(self, held: Collection[Waiting], values: dict[str, object]) -> None:
        """Update the runs that nobody else has taken meanwhile and that have not ended."""
        if not held:
            return
        ours = tuple_(runs.c.id, runs.c.attempt).in_([(run.run_id, run.attempt) for run in held])
        with self._database.write() as connection:
            connection.execute(update(runs).where(ours, runs.c.status.in_(ACTIVE)).values(values))

    # For workers

    def claim(self, run: Waiting, worker: str = "") -> str | None:
        """Begin to work on a run: return the lease to write with, or None if it is no longer to be done.

        `worker` says who claims it, for people. Epochs after the last checkpoint are dropped; they will be computed
        again.
        """
        now, lease = datetime.now(UTC), secrets.token_hex(8)
        values = {
            "status": "running",
            "lease": lease,
            "worker": worker,
            "started_at_utc": func.coalesce(runs.c.started_at_utc, now),
            "heartbeat_at_utc": now,
            "epoch_share": 0.0,
        }
        is_mine = (runs.c.id == run.run_id) & (runs.c.attempt == run.attempt) & runs.c.status.in_(ACTIVE)
        with self._database.write() as connection:
            if not connection.execute(update(runs).where(is_mine).values(values)).rowcount:
                return None
            done = connection.scalar(select(checkpoints.c.epochs_done).where(checkpoints.c.run_id == run.run_id)) or 0
            touch(connection, run.run_id, lease, {"epochs_done": done})
            drop_epochs(connection, run.run_id, done)
        return lease

    def orders(self, run_id: str, lease: str) -> Orders:
        """Return what the worker is asked to do.

        Raises
        ------
        LeaseLostError
            Nothing: the run was deleted or handed to another worker.
        """
        query = select(runs.c.requested, runs.c.target_epochs).where(runs.c.id == run_id, runs.c.lease == lease)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise LeaseLostError(f"Run {run_id} was deleted or handed to another worker.")
        return Orders(*row)

    def beat(self, run_id: str, lease: str) -> None:
        """Show that the worker is alive. LeaseLostError as for `orders`."""
        with self._database.write() as connection:
            touch(connection, run_id, lease, {"heartbeat_at_utc": datetime.now(UTC)})

    def leave(self, run_id: str, lease: str, orders: Orders, values: dict[str, object]) -> bool:
        """Give a run back with new field values; False if the orders have changed meanwhile, and work goes on."""
        unchanged = (runs.c.requested == orders.requested) & (runs.c.target_epochs == orders.target_epochs)
        query = update(runs).where(runs.c.id == run_id, runs.c.lease == lease, unchanged)
        with self._database.write() as connection:
            left = connection.execute(query.values(**values, requested="", lease="")).rowcount
        return bool(left)


def _follows_another() -> ColumnElement[bool]:
    """Match the queued Keras run of a pair whose NumPy run has not ended, or only just: its worker goes on with it."""
    first = runs.alias("first")
    just_now = datetime.now(UTC) - timedelta(seconds=STALE_AFTER_S)
    goes_on = or_(first.c.status.in_(UNFINISHED), first.c.finished_at_utc > just_now)
    is_first = (first.c.pair_id == runs.c.pair_id) & (first.c.kind == "numpy")
    return (runs.c.kind == "keras") & (runs.c.status == "queued") & exists().where(is_first, goes_on)


def _ownerless() -> list[ColumnElement[bool]]:
    """Match active runs whose last signs of life, from the server and from the worker, are old or missing."""
    limit = datetime.now(UTC) - timedelta(seconds=STALE_AFTER_S)
    signs = (runs.c.held_at_utc, runs.c.heartbeat_at_utc)
    return [runs.c.status.in_(ACTIVE), *(or_(sign.is_(None), sign < limit) for sign in signs)]
