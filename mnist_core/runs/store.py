"""The run store: every run with its recipe, progress, results and network, in one SQL database."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, literal, select, update

from mnist_core.errors import StoreError
from mnist_core.nn import MLP
from mnist_core.runs import clock
from mnist_core.runs.admission import Room, check_room
from mnist_core.runs.blobs import checkpoint_from_bytes, checkpoint_to_bytes, network_from, parameters_to_bytes
from mnist_core.runs.columns import UnreadableConfig
from mnist_core.runs.database import Database, default_url
from mnist_core.runs.history import read_epochs, read_points, write_epochs, write_points
from mnist_core.runs.new_row import new_row
from mnist_core.runs.quota import make_room
from mnist_core.runs.run import Kind, Request, Run, UnreadableRun
from mnist_core.runs.schema import artifacts, checkpoints, runs, snapshots
from mnist_core.runs.size import expected_bytes
from mnist_core.training.config import TrainingConfig
from mnist_core.training.results import Checkpoint, EpochResult, Point

_OWNERSHIP = {"held_at_utc", "lease"}
_RUN_COLUMNS = [
    *(column for column in runs.columns if column.name not in _OWNERSHIP),
    clock.now().label("read_at_utc"),
]
_LIGHT_COLUMNS = [literal("").label("traceback") if c.name == "traceback" else c for c in _RUN_COLUMNS]
_IS_RUN = runs.c.purpose == "run"

MAX_NAME, MAX_NOTES = 80, 2000
_FREE = {"requested": "", "lease": ""}


class LeaseLostError(StoreError):
    """The run was deleted, or handed to another worker: whoever meets this stops and writes nothing more."""


class RunStore:
    """Reads and writes runs. Safe to share between threads; several processes may use one database at a time.

    Parameters
    ----------
    url
        SQLAlchemy URL; None means ``MNIST_DATABASE_URL`` or a SQLite file in the user's data folder.

    Raises
    ------
    StoreError
        The database cannot be opened, belongs to something else or to a newer version of this app.
    """

    def __init__(self, url: str | None = None) -> None:
        self.database = Database(url or default_url())

    @property
    def url(self) -> str:
        """Where the store is, as a worker must be told."""
        return self.database.url

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    # Runs

    def create(
        self,
        config: TrainingConfig,
        *,
        kind: Kind = "numpy",
        visitor: str = "",
        name: str | None = None,
        target_epochs: int | None = None,
        pair_id: str | None = None,
        room: Room | None = None,
    ) -> Run:
        """Add a queued run and return it; LimitError if there is no `room` for it."""
        values = new_row(config, kind=kind, visitor=visitor, pair_id=pair_id)
        values |= {"name": name or values["name"], "target_epochs": target_epochs or config.epochs}
        with self.database.write() as connection:
            check_room(connection, runs, visitor, room)
            if room is not None and room.quota is not None:
                make_room(connection, room.quota, visitor, expected_bytes(config), self.database.free_bytes())
            connection.execute(insert(runs).values(values))
        return self.get(str(values["id"]))

    def get(self, run_id: str) -> Run:
        """Return a run.

        Raises
        ------
        StoreError
            There is none with this id, or it is one of `unreadable_runs`.
        """
        with self.database.read() as connection:
            row = connection.execute(select(*_RUN_COLUMNS).where(runs.c.id == run_id)).one_or_none()
        if row is None:
            raise _unknown(run_id)
        run = _run(row)
        if isinstance(run, UnreadableRun):
            raise StoreError(
                f"The run {run.name} cannot be read: {run.problem} Another release of this app may have written it. "
                "Update the app, or delete the run on the Runs page."
            )
        return run

    def list_runs(self, limit: int | None = None) -> tuple[Run, ...]:
        """Return the newest runs first, without their tracebacks, and without tries and those that cannot be read."""
        return tuple(run for run in self._newest(_IS_RUN, limit=limit) if isinstance(run, Run))

    def unreadable_runs(self) -> tuple[UnreadableRun, ...]:
        """Return the runs whose recipe this release does not understand; nothing but deleting can be done with them."""
        return tuple(run for run in self._newest(_IS_RUN) if isinstance(run, UnreadableRun))

    def list_tries(self, visitor: str) -> tuple[Run, ...]:
        """Return the newest tries of a visitor first, as `list_runs` does."""
        mine = (runs.c.purpose == "try", runs.c.visitor == visitor)
        return tuple(run for run in self._newest(*mine) if isinstance(run, Run))

    def _newest(self, *which: ColumnElement[bool], limit: int | None = None) -> list[Run | UnreadableRun]:
        query = select(*_LIGHT_COLUMNS).where(*which).order_by(runs.c.created_at_utc.desc(), runs.c.id)
        with self.database.read() as connection:
            return [_run(row) for row in connection.execute(query.limit(limit))]

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name; surrounding spaces are dropped. ValueError for one that is empty or too long."""
        if not name.strip():
            raise ValueError("name: expected at least one letter, received an empty name.")
        _check_text("name", name, MAX_NAME)
        self.update(run_id, name=name.strip(), named=True)

    def annotate(self, run_id: str, notes: str) -> None:
        """Replace a run's notes. ValueError if they are too long."""
        _check_text("notes", notes, MAX_NOTES)
        self.update(run_id, notes=notes)

    def delete(self, run_id: str) -> None:
        """Delete a run with all that belongs to it; nothing happens if there is none. A worker then stops by itself."""

        def action(connection: Connection) -> None:
            # The run first: this waits for a worker that is just writing an artifact, and takes that along as well.
            connection.execute(delete(runs).where(runs.c.id == run_id))
            connection.execute(delete(artifacts).where(artifacts.c.key == run_id))

        self.database.remove(action)

    def pin(self, run_id: str, pinned: bool = True) -> None:
        """Keep a run even where room is short, or no longer."""
        self.update(run_id, pinned=pinned)

    def update(self, run_id: str, *, lease: str | None = None, **values: object) -> None:
        """Set fields of a run by name, as the worker does; see `Run` for what they are.

        Raises
        ------
        StoreError
            There is no such run; LeaseLostError where `lease` is given and no longer the run's.
        """
        with self.database.write() as connection:
            touch(connection, run_id, lease, values)

    def request(self, run_id: str, action: Request) -> None:
        """Ask for "pause", "step" (finish the pass under way, then pause) or "stop".

        A run without a worker gets there at once; a worker follows within a second. Ended runs stay as they are.
        """
        at_once = {"pause": "paused", "step": "paused", "stop": "stopped"}[action]
        with self.database.write() as connection:
            status = connection.scalar(select(runs.c.status).where(runs.c.id == run_id).with_for_update())
            if status is None:
                raise _unknown(run_id)
            if status == "running":
                touch(connection, run_id, None, {"requested": action})
            elif status == "queued" or (status, action) == ("paused", "stop"):
                ended = clock.now() if action == "stop" else None
                touch(connection, run_id, None, {**_FREE, "status": at_once, "finished_at_utc": ended})

    # History

    def history(self, run_id: str, after_epoch: int = -1) -> pd.DataFrame:
        """Return the epochs after `after_epoch`: a column for each field of EpochResult, a row for each epoch.

        Numbers are float64 (NaN and infinity as they were measured; NaN where nothing was held out for validation),
        `epoch` is int64, `gradient_norms` and `dead_shares` hold lists.
        """
        with self.database.read() as connection:
            return read_epochs(connection, run_id, after_epoch)

    def points(self, run_id: str) -> pd.DataFrame:
        """Return the points within the epochs of a short run, by images seen: a column for each field of Point.

        `epoch` and `images_seen` are int64, `cost` and `accuracy` (in [0, 1]) float64: means of the training images
        since the point before. A run of up to 25 epochs has about 50, each epoch equally many and one at its end, if
        the epoch has so many batches; longer runs have none, and full-batch runs neither. A run that goes on has those
        so far. There is no validation within an epoch: it would take longer than the training between two points.
        """
        with self.database.read() as connection:
            return read_points(connection, run_id)

    def append_epochs(
        self,
        run_id: str,
        results: Sequence[EpochResult],
        points: Sequence[Point] = (),
        *,
        lease: str | None = None,
        epoch_share: float = 0.0,
    ) -> None:
        """Store consecutive results, the points on the way, and the run's progress in one transaction."""
        values: dict[str, Any] = {"epoch_share": epoch_share, "heartbeat_at_utc": clock.now()}
        if results:
            last = results[-1]
            values |= {"epochs_done": last.epoch + 1, "train_s": last.elapsed_s}
            values["validation_accuracy"] = last.validation_accuracy
        with self.database.write() as connection:
            touch(connection, run_id, lease, values)
            write_epochs(connection, run_id, results)
            write_points(connection, run_id, points)

    # Networks

    def save_checkpoint(self, run_id: str, checkpoint: Checkpoint, *, lease: str | None = None) -> None:
        """Replace the run's checkpoint."""
        row = {"epochs_done": checkpoint.epochs_done, "content": checkpoint_to_bytes(checkpoint)}
        with self.database.write() as connection:
            touch(connection, run_id, lease, {"heartbeat_at_utc": clock.now()})
            mine = checkpoints.c.run_id == run_id
            older = checkpoints.c.epochs_done < checkpoint.epochs_done
            if connection.execute(delete(checkpoints).where(mine, older)).rowcount:  # that is progress
                touch(connection, run_id, lease, {"deaths": 0})
            connection.execute(delete(checkpoints).where(mine))
            connection.execute(insert(checkpoints).values(run_id=run_id, **row))

    def load_checkpoint(self, run_id: str) -> Checkpoint | None:
        """Return the run's newest checkpoint, or None before the first."""
        with self.database.read() as connection:
            content = connection.scalar(select(checkpoints.c.content).where(checkpoints.c.run_id == run_id))
        return None if content is None else checkpoint_from_bytes(content)

    def network(self, run_id: str) -> MLP:
        """Return the final network, or that of the newest checkpoint while the run goes on.

        Raises
        ------
        StoreError
            There is no such run, or it has no checkpoint yet.
        """
        run, checkpoint = self.get(run_id), self.load_checkpoint(run_id)
        if checkpoint is None:
            raise StoreError(f"{run.name} has no network yet: its training has not begun. Wait, or choose another run.")
        average = checkpoint.parameters if checkpoint.average is None else checkpoint.average
        network = network_from(run.config, average)
        network.origin_of = run.origin
        return network

    def save_snapshot(self, run_id: str, epochs_done: int, network: MLP, *, lease: str | None = None) -> None:
        """Keep the network as it is after `epochs_done` passes, in float32."""
        at = (snapshots.c.run_id == run_id) & (snapshots.c.epochs_done == epochs_done)
        row = {"epochs_done": epochs_done, "parameters": parameters_to_bytes(network.parameters)}
        with self.database.write() as connection:
            touch(connection, run_id, lease, {"heartbeat_at_utc": clock.now()})
            connection.execute(delete(snapshots).where(at))
            connection.execute(insert(snapshots).values(run_id=run_id, **row))

    def snapshot_epochs(self, run_id: str) -> tuple[int, ...]:
        """Return after how many passes snapshots were kept, ascending: 0, 1, 2, 5, 10, 20, 50 ... and the last."""
        query = select(snapshots.c.epochs_done).where(snapshots.c.run_id == run_id).order_by(snapshots.c.epochs_done)
        with self.database.read() as connection:
            return tuple(connection.scalars(query))

    def snapshot(self, run_id: str, epochs_done: int) -> MLP:
        """Return the network after `epochs_done` passes, one of `snapshot_epochs`; StoreError for any other."""
        query = select(snapshots.c.parameters).where(
            snapshots.c.run_id == run_id, snapshots.c.epochs_done == epochs_done
        )
        with self.database.read() as connection:
            content = connection.scalar(query)
        if content is None:
            raise StoreError(f"No snapshot was kept after {epochs_done} passes. Choose one of `snapshot_epochs`.")
        return network_from(self.get(run_id).config, np.frombuffer(content, "<f4"))

    # Artifacts

    def save_artifact(self, key: str, kind: str, content: bytes, *, lease: str | None = None) -> None:
        """Keep bytes under a key (usually a run's id, with which they are deleted) and a kind, replacing older ones.

        Raises
        ------
        LeaseLostError
            A `lease` is given, and the run with the id `key` was deleted or handed to another worker.
        """
        with self.database.write() as connection:
            if lease is not None:
                touch(connection, key, lease, {"heartbeat_at_utc": clock.now()})
            write_artifact(connection, key, kind, content)

    def load_artifact(self, key: str, kind: str) -> bytes | None:
        """Return the bytes kept under `key` and `kind`, or None."""
        with self.database.read() as connection:
            return connection.scalar(
                select(artifacts.c.content).where(artifacts.c.key == key, artifacts.c.kind == kind)
            )


def write_artifact(connection: Connection, key: str, kind: str, content: bytes) -> None:
    """Keep bytes under a key and a kind, replacing older ones."""
    connection.execute(delete(artifacts).where(artifacts.c.key == key, artifacts.c.kind == kind))
    values = {"key": key, "kind": kind, "content": content, "created_at_utc": clock.now()}
    connection.execute(insert(artifacts).values(values))


def touch(
    connection: Connection, key: str, lease: str | None, values: Mapping[str, object], table: Table = runs
) -> None:
    """Update a row if it is there and, where a lease is given, still has it. Every write begins with this."""
    query = update(table).where(table.c.id == key).values(values)
    if lease is not None:
        query = query.where(table.c.lease == lease)
    if connection.execute(query).rowcount:
        return
    if lease is None:
        raise _unknown(key)
    raise LeaseLostError(f"{key} was deleted or handed to another worker.")


def _check_text(field: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise ValueError(f"{field}: expected at most {longest} characters, received {len(text)}. Shorten it.")
    if "\0" in text:
        raise ValueError(f"{field}: expected text, received a NUL character. Remove it.")


def _unknown(run_id: str) -> StoreError:
    return StoreError(f"There is no run {run_id!r}. It may have been deleted: choose one on the Runs page.")


def _run(row: Row[Any]) -> Run | UnreadableRun:
    config = row.config
    if isinstance(config, UnreadableConfig):
        known = (row.id, row.name, row.notes, row.visitor, row.created_at_utc)
        return UnreadableRun(*known, config.text, config.problem)
    return Run(**row._mapping)
