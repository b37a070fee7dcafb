"""Who may work on what: the queue of waiting runs and tasks, and leases that keep two workers from writing to one.

Servers and workers show signs of life in the row of a piece of work. One without them is taken over by whoever notices
first, so that several servers may share a database, and any of them may die; all go by the database's clock. Whoever
takes over counts a death; a checkpoint sets the count back. Work that has cost too many workers without getting further
steps aside as failed.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    case,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    update,
)

from mnist_core.runs import clock
from mnist_core.runs.administration import PAUSED
from mnist_core.runs.history import drop_epochs
from mnist_core.runs.pairs import find_follower, follows_another
from mnist_core.runs.rights import seen_by
from mnist_core.runs.rows import LeaseLostError, touch
from mnist_core.runs.run import ACTIVE, ENDED, Request, RunStatus
from mnist_core.runs.schema import checkpoints, runs, server_state, tasks
from mnist_core.runs.store import RunStore
from mnist_core.runs.turns import Lane, Waiting, in_turn, lately, others_wait
from mnist_core.runs.who import Who

STALE_AFTER_S = 5.0
MAX_DEATHS = 3
_START_OF_KERAS_S = 30.0
_TABLES: Mapping[str, Table] = {"run": runs, "task": tasks}
_DIED = (
    f"{MAX_DEATHS} workers ended over it, one after the other, without getting further; most likely they ran out of "
    "memory. Try it again, or take a smaller network or smaller batches."
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A piece of work, and how often it was handed out: whoever holds an older ticket has no say any more."""

    kind: Literal["run", "task"]
    id: str
    attempt: int
    lane: Lane = "work"

    @property
    def table(self) -> Table:
        """Where its row is."""
        return _TABLES[self.kind]


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is asked to do.

    Attributes
    ----------
    requested
        A request that is not fulfilled yet.
    target_epochs
        After how many a run pauses.
    others_wait
        Whether somebody who has nothing under way waits for a worker: a run of some length then gives way.
    """

    requested: Request
    target_epochs: int | None = None
    others_wait: bool = False


class WorkQueue:
    """The runs and tasks of a store as work: handed out by servers' dispatchers, done by workers."""

    def __init__(self, store: RunStore) -> None:
        self._database = store.database

    def position(self, run_id: str, *, who: Who) -> int | None:
        """Return 1 for the run that is next, 2 for the one after it ...; None for a run that is not waiting."""
        ahead = self.ahead(run_id, who=who)
        return None if ahead is None else 1 + len(ahead)

    def ahead(self, run_id: str, *, who: Who) -> list[str] | None:
        """Return the ids of the runs and tasks that will be handed out before this run; None if it is not waiting."""
        waits = (runs.c.id == run_id) & (runs.c.status == "queued") & seen_by(who)
        with self._database.read() as connection:
            priority = connection.scalar(select(runs.c.priority).where(waits))
            if priority is None:
                return None
            rivals = [
                _waiting(kind, table).where(table.c.status == "queued", table.c.priority >= priority)
                for kind, table in _TABLES.items()
            ]
            ids = [work.id for work in _in_turn(connection, rivals)]
        return ids[: ids.index(run_id)]

    # For dispatchers

    def waiting(self) -> list[Ticket]:
        """Return what nobody works on, in the order of `turns`; nothing while all is paused."""
        queries = [_waiting(kind, table).where(*_ownerless(table)) for kind, table in _TABLES.items()]
        queries[0] = queries[0].where(~follows_another(STALE_AFTER_S))
        is_paused = select(exists().where(server_state.c.key == PAUSED))
        with self._database.read() as connection:
            if connection.scalar(is_paused):
                return []
            return [Ticket(work.kind, work.id, work.attempt, work.lane) for work in _in_turn(connection, queries)]

    def take(self, ticket: Ticket) -> Ticket | None:
        """Take over work to hand it to a cluster; None if another server was faster, or if it steps aside."""
        mine = [_is(ticket), *_ownerless(ticket.table)]
        again = {"attempt": ticket.attempt + 1, "held_at_utc": clock.now(), "heartbeat_at_utc": None}
        with self._database.write() as connection:
            _count_death(connection, ticket.table, [*mine, ticket.table.c.lease != ""])
            taken = connection.execute(update(ticket.table).where(*mine).values(again)).rowcount
        return replace(ticket, attempt=ticket.attempt + 1) if taken else None

    def follower(self, run_id: str) -> Ticket | None:
        """Take over the queued Keras run of the pair whose NumPy run has just ended; None if there is no such run."""
        with self._database.read() as connection:
            if find_follower(connection, run_id) is None:  # as of most runs: nothing to write
                return None
        with self._database.write() as connection:
            found = find_follower(connection, run_id)
            if found is None:
                return None
            ticket = Ticket("run", found.id, found.attempt)
            # No server holds this run, and while TensorFlow is loaded the worker may be too busy for a sign of life.
            held = clock.now(_START_OF_KERAS_S)
            values = {"attempt": ticket.attempt + 1, "held_at_utc": held}
            connection.execute(update(runs).where(_is(ticket)).values(values))
        return Ticket("run", ticket.id, ticket.attempt + 1)

    def hold(self, held: Collection[Ticket]) -> None:
        """Show that this work is still in the hands of a cluster."""
        self._set(held, {"held_at_utc": clock.now()})

    def release(self, held: Collection[Ticket]) -> None:
        """Let this work be handed out again at once: an orderly end took it from its workers."""
        self._set(held, {"held_at_utc": None, "heartbeat_at_utc": None, "lease": ""})

    def lose(self, held: Collection[Ticket]) -> None:
        """Let this work be handed out again at once: its cluster has died, with the workers that had begun it."""
        if not held:
            return
        with self._database.write() as connection:
            for table, ours in _by_table(held):
                _count_death(connection, table, [ours, table.c.lease != ""])
        self.release(held)

    def fail(self, ticket: Ticket, error: str, traceback: str) -> None:
        """Note that a cluster could not do the work. It is handed out again, unless that has happened too often."""
        with self._database.write() as connection:
            _count_death(connection, ticket.table, [_is(ticket)], error, traceback)

    def _set(self, held: Collection[Ticket], values: dict[str, object]) -> None:
        """Update the work that nobody else has taken meanwhile and that has not ended."""
        if not held:
            return
        with self._database.write() as connection:
            for table, ours in _by_table(held):
                connection.execute(update(table).where(ours, table.c.status.in_(ACTIVE)).values(values))

    # For workers

    def claim(self, ticket: Ticket, worker: str = "") -> str | None:
        """Begin to work: return the lease to write with, or None if the work is no longer to be done.

        `worker` says who claims it, for people. A run's epochs after its last checkpoint are dropped; they will be
        computed again.
        """
        now, lease, table = clock.now(), secrets.token_hex(8), ticket.table
        values = {
            "status": "running",
            "lease": lease,
            "worker": worker,
            "started_at_utc": func.coalesce(table.c.started_at_utc, now),
            "heartbeat_at_utc": now,
        }
        mine = [_is(ticket), table.c.status.in_(ACTIVE)]
        with self._database.write() as connection:
            # Dask gives the work of a dead worker to another one by itself: then the lease is still there.
            _count_death(connection, table, [*mine, table.c.lease != ""])
            if not connection.execute(update(table).where(*mine).values(values)).rowcount:
                return None
            if ticket.kind == "run":
                _rewind(connection, ticket.id)
        return lease

    def orders(self, ticket: Ticket, lease: str) -> Orders:
        """Return what the worker is asked to do.

        Raises
        ------
        LeaseLostError
            Nothing: the work was deleted or handed to another worker.
        """
        table = ticket.table
        of_runs = (table.c.target_epochs, others_wait(table)) if ticket.kind == "run" else (null(), false())
        query = select(table.c.requested, *of_runs).where(table.c.id == ticket.id, table.c.lease == lease)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise LeaseLostError(f"The {ticket.kind} {ticket.id} was deleted or handed to another worker.")
        return Orders(*row)

    def beat(self, ticket: Ticket, lease: str, **values: object) -> None:
        """Show that the worker is alive, and set other fields of the row. LeaseLostError as for `orders`."""
        with self._database.write() as connection:
            touch(connection, ticket.id, lease, {"heartbeat_at_utc": clock.now(), **values}, ticket.table)

    def leave(self, ticket: Ticket, lease: str, orders: Orders, values: dict[str, object]) -> bool:
        """Give a run back with new field values; False if the orders have changed meanwhile, and work goes on."""
        if values.get("status") in ENDED:
            values = {**values, "finished_at_utc": clock.now()}
        elif values.get("status") == "queued":  # as something new: it is not interrupted work, which would be next
            values = {**values, "queued_at_utc": clock.now(), "held_at_utc": None, "heartbeat_at_utc": None}
        unchanged = (runs.c.requested == orders.requested) & (runs.c.target_epochs == orders.target_epochs)
        query = update(runs).where(runs.c.id == ticket.id, runs.c.lease == lease, unchanged)
        with self._database.write() as connection:
            left = connection.execute(query.values(**values, requested="", lease="")).rowcount
        return bool(left)

    def end(self, ticket: Ticket, lease: str, status: RunStatus, **values: object) -> None:
        """Note how the work ended, with new field values. LeaseLostError as for `orders`."""
        ended = {"status": status, "finished_at_utc": clock.now(), "requested": "", "lease": ""}
        with self._database.write() as connection:
            touch(connection, ticket.id, lease, ended | values, ticket.table)


def _is(ticket: Ticket) -> ColumnElement[bool]:
    return (ticket.table.c.id == ticket.id) & (ticket.table.c.attempt == ticket.attempt)


def _by_table(held: Collection[Ticket]) -> list[tuple[Table, ColumnElement[bool]]]:
    """Return for each table the condition that matches its rows among the tickets."""
    rows = {table: [(t.id, t.attempt) for t in held if t.table is table] for table in _TABLES.values()}
    return [(table, tuple_(table.c.id, table.c.attempt).in_(keys)) for table, keys in rows.items() if keys]


def _count_death(
    connection: Connection, table: Table, matches: list[ColumnElement[bool]], error: str = _DIED, traceback: str = ""
) -> None:
    """Count a death of whoever had this work and free it. After too many without progress it ends as failed."""
    over = table.c.deaths + 1 >= MAX_DEATHS
    outcome = {"status": "failed", "error": error, "traceback": traceback, "finished_at_utc": clock.now()}
    values = {name: case((over, value), else_=table.c[name]) for name, value in (outcome | {"requested": ""}).items()}
    freed = {"deaths": table.c.deaths + 1, "lease": "", "held_at_utc": None, "heartbeat_at_utc": None}
    connection.execute(update(table).where(*matches, table.c.status.in_(ACTIVE)).values(values | freed))


def _rewind(connection: Connection, run_id: str) -> None:
    """Put a run back to its checkpoint."""
    done = connection.scalar(select(checkpoints.c.epochs_done).where(checkpoints.c.run_id == run_id)) or 0
    connection.execute(update(runs).where(runs.c.id == run_id).values(epochs_done=done, epoch_share=0.0))
    drop_epochs(connection, run_id, done)


def _waiting(kind: str, table: Table) -> Select[Any]:
    """Return the query of the columns of `Waiting`."""
    # What has been handed out already, or had a worker before, is next whatever its turn was.
    is_first = (table.c.status == "running") | table.c.held_at_utc.is_not(None)
    mine = (table.c.priority, table.c.queued_at_utc, table.c.owner, table.c.address)
    lane = case((table.c.purpose == "try", "try"), else_="work") if table is runs else literal("work")
    return select(literal(kind), table.c.id, table.c.attempt, is_first, *mine, lane)


def _in_turn(connection: Connection, queries: list[Select[Any]]) -> list[Waiting]:
    waiting = [Waiting(*row) for query in queries for row in connection.execute(query)]
    return in_turn(waiting, *lately(connection)) if waiting else []


def _ownerless(table: Table) -> list[ColumnElement[bool]]:
    """Match active work whose last signs of life, from the server and from the worker, are old or missing.

    Signs from the future, left when the database's clock was set back, count as old; else the work would wait for ever.
    """
    earliest, latest = clock.now(-STALE_AFTER_S), clock.now(STALE_AFTER_S + _START_OF_KERAS_S)
    signs = (table.c.held_at_utc, table.c.heartbeat_at_utc)
    return [table.c.status.in_(ACTIVE), *(or_(sign.is_(None), ~sign.between(earliest, latest)) for sign in signs)]
