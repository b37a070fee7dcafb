"""What administrators decide for everybody: who else is one, who is banned, what all are told and may not do.

The store keeps it, so that it holds for every server that shares the store, and through restarts.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, select, true

from mnist_core.errors import LimitError, RightsError
from mnist_core.runs import clock
from mnist_core.runs.audit import note
from mnist_core.runs.database import Database
from mnist_core.runs.schema import administrators, banned, runs, server_state, tasks
from mnist_core.runs.who import Who

ANNOUNCEMENT = "announcement"
# While it is on, no work is handed out: runs, tries and tasks wait.
PAUSED = "paused"
MAX_VALUE, MAX_SUBJECT, MAX_REASON = 300, 64, 200


@dataclass(frozen=True, slots=True)
class Banned:
    """An identity or a network address that may only look, since when and why."""

    subject: str
    since_utc: datetime
    reason: str


class Administration:
    """The part of a run store that is for administrators alone: RightsError for anybody else."""

    database: Database

    def is_administrator(self, identity: str) -> bool:
        """Tell whether this identity has been made an administrator."""
        with self.database.read() as connection:
            return bool(connection.scalar(select(exists().where(administrators.c.identity == identity))))

    def make_administrator(self, identity: str, *, who: Who) -> None:
        """Make a browser, or who has signed in, an administrator."""
        with self.database.write() as connection:
            check_administrator(who)
            connection.execute(delete(administrators).where(administrators.c.identity == identity))
            connection.execute(insert(administrators).values(identity=identity, since_utc=clock.now()))
            note(connection, who, "make administrator", detail=identity)

    def remove_administrator(self, identity: str, *, who: Who) -> None:
        """Let an identity be a visitor as others are."""
        with self.database.write() as connection:
            check_administrator(who)
            connection.execute(delete(administrators).where(administrators.c.identity == identity))
            note(connection, who, "remove administrator", detail=identity)

    def administrators(self, *, who: Who) -> dict[str, datetime]:
        """Return since when each identity has been an administrator."""
        check_administrator(who)
        with self.database.read() as connection:
            rows = connection.execute(select(administrators).order_by(administrators.c.since_utc))
            return {row.identity: row.since_utc for row in rows}

    def ban(self, subject: str, reason: str = "", *, who: Who) -> None:
        """Let an identity, or a network address, look but not start or change anything.

        Raises
        ------
        LimitError
            No subject, or a text that is too long.
        """
        subject = subject.strip()
        _check_length("The identity or address", subject, MAX_SUBJECT)
        _check_length("The reason", reason, MAX_REASON)
        if not subject:
            raise LimitError("Expected an identity or a network address, as the table of visitors shows them.")
        with self.database.write() as connection:
            check_administrator(who)
            if connection.scalar(select(exists().where(administrators.c.identity == subject))):
                raise RightsError("This is an administrator. Remove them from the administrators first.")
            connection.execute(delete(banned).where(banned.c.subject == subject))
            connection.execute(insert(banned).values(subject=subject, since_utc=clock.now(), reason=reason))
            note(connection, who, "ban", detail=subject)

    def unban(self, subject: str, *, who: Who) -> None:
        """Lift a ban."""
        with self.database.write() as connection:
            check_administrator(who)
            connection.execute(delete(banned).where(banned.c.subject == subject))
            note(connection, who, "unban", detail=subject)

    def banned(self, *, who: Who) -> tuple[Banned, ...]:
        """Return who is banned, in the order in which it happened."""
        check_administrator(who)
        with self.database.read() as connection:
            rows = connection.execute(select(banned).order_by(banned.c.since_utc, banned.c.subject))
            return tuple(Banned(row.subject, row.since_utc, row.reason) for row in rows)

    def switch(self, key: str, value: str, *, who: Who) -> None:
        """Set what holds for everybody, such as `rights.READ_ONLY`, to any text; "" switches it off.

        Raises
        ------
        LimitError
            The text is too long.
        """
        _check_length("The text", value, MAX_VALUE)
        with self.database.write() as connection:
            check_administrator(who)
            _set(connection, key, value)
            note(connection, who, f"switch {key}"[:32], detail=value)

    def switched(self, key: str) -> str:
        """Return what `switch` set, or "". Everybody may know."""
        with self.database.read() as connection:
            return connection.scalar(select(server_state.c.value).where(server_state.c.key == key)) or ""

    def counts(self, *, who: Who) -> dict[tuple[str, str], int]:
        """Return how many there are of each kind ("run", "task") and status; without those in the trash."""
        check_administrator(who)
        kinds = (("run", runs, runs.c.deleted_at_utc.is_(None)), ("task", tasks, true()))
        with self.database.read() as connection:
            return {
                (kind, status): number
                for kind, table, there in kinds
                for status, number in connection.execute(
                    select(table.c.status, func.count()).where(there).group_by(table.c.status)
                )
            }


def _set(connection: Connection, key: str, value: str) -> None:
    connection.execute(delete(server_state).where(server_state.c.key == key))
    if value:
        connection.execute(insert(server_state).values(key=key, value=value))


def check_administrator(who: Who) -> None:
    """Raise RightsError for anybody else."""
    if not who.is_administrator:
        raise RightsError("Only an administrator may do this. The terminal prints the administrator's link at start.")


def _check_length(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise LimitError(f"{what}: expected at most {longest} characters, received {len(text)}. Shorten it.")
