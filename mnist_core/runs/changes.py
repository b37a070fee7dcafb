"""What people may do with runs that are theirs: name, share, pause, stop, delete and take back out of the trash."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, delete, select, update

from mnist_core.runs import clock
from mnist_core.runs.audit import note
from mnist_core.runs.database import Database
from mnist_core.runs.rights import check_may_act, check_owner, check_owner_of_trash, in_trash_of, seen_by
from mnist_core.runs.rows import touch
from mnist_core.runs.run import ACTIVE, UNFINISHED, Request, Visibility
from mnist_core.runs.schema import artifacts, runs, tasks
from mnist_core.runs.who import Who
from mnist_core.settings import settings

MAX_NAME, MAX_NOTES = 80, 2000
TRASH_DAYS = 7
_DAY_S = 86_400
_FREE = {"requested": "", "lease": ""}


class Changes:
    """The part of a run store that changes runs for `who`.

    Every method raises RightsError where the run is another's or `who` may change nothing just now, and StoreError
    where there is no such run, or none that `who` may see; each writes a line of the audit log.
    """

    database: Database

    def rename(self, run_id: str, name: str, *, who: Who) -> None:
        """Give a run another name; surrounding spaces are dropped. ValueError for one that is empty or too long."""
        if not name.strip():
            raise ValueError("name: expected at least one letter, received an empty name.")
        _check_text("name", name, MAX_NAME)
        self._change(run_id, who, "rename", {"name": name.strip(), "named": True})

    def annotate(self, run_id: str, notes: str, *, who: Who) -> None:
        """Replace a run's notes. ValueError if they are too long."""
        _check_text("notes", notes, MAX_NOTES)
        self._change(run_id, who, "annotate", {"notes": notes})

    def pin(self, run_id: str, pinned: bool = True, *, who: Who) -> None:
        """Keep a run even where room is short, or no longer."""
        self._change(run_id, who, "pin" if pinned else "unpin", {"pinned": pinned})

    def share(self, run_id: str, visibility: Visibility, *, who: Who) -> None:
        """Let everybody see a run, or its owner only. ValueError for any other visibility."""
        if visibility not in ("everybody", "owner"):
            raise ValueError(f"visibility: expected everybody or owner, received {visibility!r}.")
        self._change(run_id, who, f"show to {visibility}", {"visibility": visibility})

    def request(self, run_id: str, action: Request, *, who: Who) -> None:
        """Ask for "pause", "step" (finish the pass under way, then pause) or "stop".

        A run without a worker gets there at once; a worker follows within a second. Ended runs stay as they are.
        """
        at_once = {"pause": "paused", "step": "paused", "stop": "stopped"}[action]
        with self.database.write() as connection:
            run = check_owner(connection, run_id, who, action)
            if run.status == "running":
                touch(connection, run_id, None, {"requested": action})
            elif run.status == "queued" or (run.status, action) == ("paused", "stop"):
                ended = clock.now() if action == "stop" else None
                touch(connection, run_id, None, {**_FREE, "status": at_once, "finished_at_utc": ended})
            note(connection, who, action, run_id, run.name)

    def delete(self, run_id: str, *, who: Who) -> None:
        """Put a run into the trash for `TRASH_DAYS`; nothing happens if there is none. A worker then stops by itself.

        Tries are deleted for good at once; where the disk is nearly full, all that is in the trash.
        """
        free = self.database.free_bytes()
        is_short = free is not None and free < settings().min_free_bytes

        def action(connection: Connection) -> None:
            if connection.scalar(select(runs.c.id).where(runs.c.id == run_id, seen_by(who))) is None:
                return
            run = check_owner(connection, run_id, who, "delete")
            put_into_trash(connection, run_id)
            if run.purpose == "try":
                empty(connection, runs.c.id == run_id)
            empty(connection, runs.c.deleted_at_utc <= clock.now(0 if is_short else -TRASH_DAYS * _DAY_S))
            note(connection, who, "delete", run_id, run.name)

        self.database.remove(action)

    def restore(self, run_id: str, *, who: Who) -> None:
        """Take a run back out of the trash."""
        with self.database.write() as connection:
            run = check_owner_of_trash(connection, run_id, who)
            touch(connection, run_id, None, {"deleted_at_utc": None})
            note(connection, who, "restore", run_id, run.name)

    def delete_for_good(self, run_id: str, *, who: Who) -> None:
        """Delete a run that is in the trash, with all that belongs to it."""

        def action(connection: Connection) -> None:
            run = check_owner_of_trash(connection, run_id, who)
            empty(connection, runs.c.id == run_id)
            note(connection, who, "delete for good", run_id, run.name)

        self.database.remove(action)

    def empty_trash(self, *, who: Who) -> None:
        """Delete for good all that is in the trash of `who`; for an administrator, in everybody's."""

        def action(connection: Connection) -> None:
            check_may_act(connection, who)
            empty(connection, in_trash_of(who))
            note(connection, who, "empty the trash")

        self.database.remove(action)

    def _change(self, run_id: str, who: Who, action: str, values: Mapping[str, object]) -> None:
        with self.database.write() as connection:
            run = check_owner(connection, run_id, who, action)
            touch(connection, run_id, None, values)
            note(connection, who, action, run_id, run.name)


def put_into_trash(connection: Connection, run_id: str) -> None:
    """Hide a run, and end what is under way for it: without their leases, workers leave it within a second."""
    ended = {**_FREE, "status": "stopped", "finished_at_utc": clock.now()}
    connection.execute(update(runs).where(runs.c.id == run_id, runs.c.status.in_(UNFINISHED)).values(ended))
    connection.execute(update(tasks).where(tasks.c.run_id == run_id, tasks.c.status.in_(ACTIVE)).values(ended))
    connection.execute(update(runs).where(runs.c.id == run_id).values(deleted_at_utc=clock.now()))


def empty(connection: Connection, which: ColumnElement[bool]) -> None:
    """Delete for good the runs in the trash that match, with all that belongs to them."""
    gone = list(connection.scalars(select(runs.c.id).where(runs.c.deleted_at_utc.is_not(None), which)))
    # The runs first: this waits for a worker that is just writing an artifact, and takes that along as well.
    connection.execute(delete(runs).where(runs.c.id.in_(gone)))
    connection.execute(delete(artifacts).where(artifacts.c.key.in_(gone)))


def _check_text(field: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise ValueError(f"{field}: expected at most {longest} characters, received {len(text)}. Shorten it.")
    if "\0" in text:
        raise ValueError(f"{field}: expected text, received a NUL character. Remove it.")
