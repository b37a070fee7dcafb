"""The run store: every run with its recipe, progress, results and network, in one SQL database."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Row, delete, insert, literal, select

from mnist_core.errors import StoreError
from mnist_core.nn import MLP
from mnist_core.runs import clock
from mnist_core.runs.administration import Administration
from mnist_core.runs.admission import Room, check_room
from mnist_core.runs.audit import note
from mnist_core.runs.blobs import checkpoint_from_bytes, checkpoint_to_bytes, network_from, parameters_to_bytes
from mnist_core.runs.changes import Changes
from mnist_core.runs.columns import UnreadableConfig
from mnist_core.runs.database import Database, default_url
from mnist_core.runs.history import read_epochs, read_points, write_epochs, write_points
from mnist_core.runs.new_row import new_row
from mnist_core.runs.quota import make_room
from mnist_core.runs.rights import check_may_act, for_owner, in_trash_of, is_seen_by, seen_by, unknown
from mnist_core.runs.rows import touch, write_artifact
from mnist_core.runs.run import Kind, Run, UnreadableRun
from mnist_core.runs.schema import artifacts, checkpoints, runs, snapshots
from mnist_core.runs.size import expected_bytes
from mnist_core.runs.who import Who
from mnist_core.training.config import TrainingConfig
from mnist_core.training.results import Checkpoint, EpochResult, Point

_OURS = {"held_at_utc", "lease", "address", "traceback"}
_COLUMNS: list[ColumnElement[Any]] = [
    *(column for column in runs.columns if column.name not in _OURS),
    clock.now().label("read_at_utc"),
]
_IS_RUN = runs.c.purpose == "run"


class RunStore(Changes, Administration):
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
        who: Who,
        kind: Kind = "numpy",
        name: str | None = None,
        target_epochs: int | None = None,
        pair_id: str | None = None,
        room: Room | None = None,
    ) -> Run:
        """Add a queued run of `who` and return it.

        Raises
        ------
        LimitError
            There is no `room` for it.
        RightsError
            `who` may start nothing just now.
        """
        values = new_row(config, who, kind=kind, pair_id=pair_id)
        values |= {"name": name or values["name"], "target_epochs": target_epochs or config.epochs}
        run_id = str(values["id"])
        with self.database.write() as connection:
            check_may_act(connection, who)
            check_room(connection, runs, who, room)
            if room is not None and room.quota is not None:
                make_room(connection, room.quota, who, expected_bytes(config), self.database.free_bytes())
            connection.execute(insert(runs).values(values))
            note(connection, who, "submit", run_id, str(values["name"]))
        return self.get(run_id, who=who)

    def get(self, run_id: str, *, who: Who) -> Run:
        """Return a run; its traceback for its owner and administrators alone.

        Raises
        ------
        StoreError
            There is none with this id, `who` may not see it, or it is one of `unreadable_runs`.
        """
        with self.database.read() as connection:
            query = select(*[*_COLUMNS, for_owner(who, runs, "traceback")])
            row = connection.execute(query.where(runs.c.id == run_id, seen_by(who))).one_or_none()
        if row is None:
            raise unknown(run_id)
        run = _run(row)
        if isinstance(run, UnreadableRun):
            raise StoreError(
                f"The run {run.name} cannot be read: {run.problem} Another release of this app may have written it. "
                "Update the app, or delete the run on the Runs page."
            )
        return run

    def list_runs(self, limit: int | None = None, *, who: Who) -> tuple[Run, ...]:
        """Return the newest runs that `who` may see first, without tracebacks, tries and those that cannot be read."""
        return tuple(run for run in self._newest(_IS_RUN, seen_by(who), limit=limit) if isinstance(run, Run))

    def unreadable_runs(self, *, who: Who) -> tuple[UnreadableRun, ...]:
        """Return the runs whose recipe this release does not understand; nothing but deleting can be done with them."""
        return tuple(run for run in self._newest(_IS_RUN, seen_by(who)) if isinstance(run, UnreadableRun))

    def list_tries(self, *, who: Who) -> tuple[Run, ...]:
        """Return the newest tries of `who` first, as `list_runs` does."""
        mine = (runs.c.purpose == "try", runs.c.owner == who.identity)
        return tuple(run for run in self._newest(*mine) if isinstance(run, Run))

    def trash(self, *, who: Who) -> tuple[Run, ...]:
        """Return the runs that `who` has deleted and may restore; for an administrator, those of everybody."""
        return tuple(run for run in self._newest(_IS_RUN, in_trash_of(who)) if isinstance(run, Run))

    def _newest(self, *which: ColumnElement[bool], limit: int | None = None) -> list[Run | UnreadableRun]:
        query = (
            select(*[*_COLUMNS, literal("").label("traceback")])
            .where(*which)
            .order_by(runs.c.created_at_utc.desc(), runs.c.id)
        )
        with self.database.read() as connection:
            return [_run(row) for row in connection.execute(query.limit(limit))]

    def update(self, run_id: str, *, lease: str | None = None, **values: object) -> None:
        """Set fields of a run by name, as the worker does; see `Run` for what they are.

        Raises
        ------
        StoreError
            There is no such run; LeaseLostError where `lease` is given and no longer the run's.
        """
        with self.database.write() as connection:
            touch(connection, run_id, lease, values)

    # History

    def history(self, run_id: str, after_epoch: int = -1, *, who: Who) -> pd.DataFrame:
        """Return the epochs after `after_epoch`: a column for each field of EpochResult, a row for each epoch.

        Numbers are float64 (NaN and infinity as they were measured; NaN where nothing was held out for validation),
        `epoch` is int64, `gradient_norms` and `dead_shares` hold lists.
        """
        with self.database.read() as connection:
            return read_epochs(connection, run_id, after_epoch, who)

    def points(self, run_id: str, *, who: Who) -> pd.DataFrame:
        """Return the points within the epochs of a short run, by images seen: a column for each field of Point.

        `epoch` and `images_seen` are int64, `cost` and `accuracy` (in [0, 1]) float64: means of the training images
        since the point before. A run of up to 25 epochs has about 50, each epoch equally many and one at its end, if
        the epoch has so many batches; longer runs have none, and full-batch runs neither. A run that goes on has those
        so far. There is no validation within an epoch: it would take longer than the training between two points.
        """
        with self.database.read() as connection:
            return read_points(connection, run_id, who)

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

    def load_checkpoint(self, run_id: str, *, who: Who) -> Checkpoint | None:
        """Return the run's newest checkpoint, or None before the first."""
        mine = (checkpoints.c.run_id == run_id) & is_seen_by(who, run_id)
        with self.database.read() as connection:
            content = connection.scalar(select(checkpoints.c.content).where(mine))
        return None if content is None else checkpoint_from_bytes(content)

    def network(self, run_id: str, *, who: Who) -> MLP:
        """Return the final network, or that of the newest checkpoint while the run goes on.

        Raises
        ------
        StoreError
            There is no such run, or it has no checkpoint yet.
        """
        run, checkpoint = self.get(run_id, who=who), self.load_checkpoint(run_id, who=who)
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

    def snapshot_epochs(self, run_id: str, *, who: Who) -> tuple[int, ...]:
        """Return after how many passes snapshots were kept, ascending: 0, 1, 2, 5, 10, 20, 50 ... and the last."""
        mine = (snapshots.c.run_id == run_id) & is_seen_by(who, run_id)
        query = select(snapshots.c.epochs_done).where(mine).order_by(snapshots.c.epochs_done)
        with self.database.read() as connection:
            return tuple(connection.scalars(query))

    def snapshot(self, run_id: str, epochs_done: int, *, who: Who) -> MLP:
        """Return the network after `epochs_done` passes, one of `snapshot_epochs`; StoreError for any other."""
        query = select(snapshots.c.parameters).where(
            snapshots.c.run_id == run_id,
            snapshots.c.epochs_done == epochs_done,
            is_seen_by(who, run_id),
        )
        with self.database.read() as connection:
            content = connection.scalar(query)
        if content is None:
            raise StoreError(f"No snapshot was kept after {epochs_done} passes. Choose one of `snapshot_epochs`.")
        return network_from(self.get(run_id, who=who).config, np.frombuffer(content, "<f4"))

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

    def load_artifact(self, run_id: str, kind: str, *, who: Who) -> bytes | None:
        """Return what is kept of this kind about a run, or None."""
        mine = (artifacts.c.key == run_id) & is_seen_by(who, run_id)
        with self.database.read() as connection:
            return connection.scalar(select(artifacts.c.content).where(mine, artifacts.c.kind == kind))


def _run(row: Row[Any]) -> Run | UnreadableRun:
    config = row.config
    if isinstance(config, UnreadableConfig):
        known = (row.id, row.name, row.notes, row.owner, row.created_at_utc)
        return UnreadableRun(*known, config.text, config.problem)
    return Run(**row._mapping)
