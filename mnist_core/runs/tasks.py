"""Tasks: things to compute about a run in a worker, such as its robustness. The queue hands them out as it does runs.

A run has each task at most once. Its result is an artifact of the run, under the task's name.
"""

import secrets
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Exists, delete, exists, insert, select, update

from mnist_core.runs import clock
from mnist_core.runs.admission import Room, check_room, one_at_a_time
from mnist_core.runs.audit import note
from mnist_core.runs.rights import check_owner, check_sees, for_owner, is_seen_by
from mnist_core.runs.rows import LeaseLostError, touch, write_artifact
from mnist_core.runs.run import ACTIVE
from mnist_core.runs.schema import artifacts, tasks
from mnist_core.runs.store import RunStore
from mnist_core.runs.who import Who

# Somebody waits for a task in front of a page, and it is short.
_PRIORITY = 1


@dataclass(frozen=True, slots=True)
class TaskState:
    """How far a task is: `status` ("" = nobody started it), `share` done in [0, 1], and what went wrong in words."""

    status: Literal["", "queued", "running", "finished", "failed", "stopped"]
    share: float = 0.0
    error: str = ""
    traceback: str = ""

    @property
    def is_active(self) -> bool:
        """Whether the task waits for a worker or has one."""
        return self.status in ACTIVE


class TaskStore:
    """The tasks of a run store's runs."""

    def __init__(self, store: RunStore) -> None:
        self._database = store.database

    def add(self, run_id: str, name: str, *, who: Who, room: Room | None = None) -> None:
        """Queue a task about any run that `who` sees, unless it is under way or done.

        Raises
        ------
        LimitError
            There is no `room` for it.
        RightsError
            `who` may start nothing just now.
        """
        mine = (tasks.c.run_id == run_id) & (tasks.c.name == name)
        with self._database.write() as connection:
            one_at_a_time(connection)
            run = check_sees(connection, run_id, who)
            under_way = connection.scalar(select(tasks.c.id).where(mine, tasks.c.status.in_(ACTIVE)))
            done = connection.scalar(select(_has_result(run_id, name)))
            if under_way or done:
                return
            check_room(connection, tasks, who, room)
            connection.execute(delete(tasks).where(mine))
            connection.execute(insert(tasks).values(_queued(run_id, name, who)))
            note(connection, who, f"start {name}", run_id, run.name)

    def state(self, run_id: str, name: str, *, who: Who) -> TaskState:
        """Return how far a task is; of a run that `who` does not see, as if nobody had started it.

        Its traceback is for who has started it and administrators alone.
        """
        mine = (tasks.c.run_id == run_id) & (tasks.c.name == name) & is_seen_by(who, run_id)
        details = for_owner(who, tasks, "traceback")
        query = select(tasks.c.status, tasks.c.share, tasks.c.error, details).where(mine)
        with self._database.read() as connection:
            if connection.scalar(select(_has_result(run_id, name) & is_seen_by(who, run_id))):
                return TaskState("finished", 1.0)
            row = connection.execute(query).one_or_none()
        return TaskState("") if row is None else TaskState(*row)

    def cancel(self, run_id: str, name: str, *, who: Who) -> None:
        """Stop a task: at once while it waits, otherwise its worker follows within a second.

        Raises
        ------
        RightsError
            Neither the task nor its run belongs to `who`.
        """
        mine = (tasks.c.run_id == run_id) & (tasks.c.name == name)
        stopped = {"status": "stopped", "finished_at_utc": clock.now()}
        with self._database.write() as connection:
            owner = connection.scalar(select(tasks.c.owner).where(mine))
            if owner == who.identity:
                run = check_sees(connection, run_id, who)
            else:
                run = check_owner(connection, run_id, who, "cancel measurements of")
            note(connection, who, f"cancel {name}", run_id, run.name)
            connection.execute(update(tasks).where(mine, tasks.c.status == "queued").values(stopped))
            connection.execute(update(tasks).where(mine, tasks.c.status == "running").values(requested="stop"))

    def subject(self, task_id: str) -> tuple[str, str]:
        """Return the run's id and the task's name.

        Raises
        ------
        LeaseLostError
            The task was deleted, with its run.
        """
        with self._database.read() as connection:
            row = connection.execute(select(tasks.c.run_id, tasks.c.name).where(tasks.c.id == task_id)).one_or_none()
        if row is None:
            raise LeaseLostError(f"The task {task_id} was deleted.")
        return row.run_id, row.name

    def finish(self, task_id: str, lease: str, content: bytes) -> None:
        """Keep the result; LeaseLostError if the task was deleted or handed to another worker."""
        ended = {"status": "finished", "share": 1.0, "finished_at_utc": clock.now(), "requested": "", "lease": ""}
        with self._database.write() as connection:
            touch(connection, task_id, lease, ended, tasks)
            row = connection.execute(select(tasks.c.run_id, tasks.c.name).where(tasks.c.id == task_id)).one()
            write_artifact(connection, row.run_id, row.name, content)


def _has_result(run_id: str, name: str) -> Exists:
    return exists().where(artifacts.c.key == run_id, artifacts.c.kind == name)


def _queued(run_id: str, name: str, who: Who) -> dict[str, object]:
    return {
        "id": secrets.token_urlsafe(12),
        "run_id": run_id,
        "name": name,
        "status": "queued",
        "owner": who.identity,
        "address": who.address,
        "queued_at_utc": clock.now(),
        "priority": _PRIORITY,
        **dict.fromkeys(("requested", "lease", "worker", "error", "traceback"), ""),
        **dict.fromkeys(("attempt", "deaths", "share"), 0),
    }
