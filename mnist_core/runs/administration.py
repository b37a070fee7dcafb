"""What administrators switch for everybody: who else is one, who is banned, and whether the server is read-only."""

from sqlalchemy import Connection, delete, exists, insert, select

from mnist_core.errors import RightsError
from mnist_core.runs import clock
from mnist_core.runs.audit import note
from mnist_core.runs.database import Database
from mnist_core.runs.schema import administrators, banned, server_state
from mnist_core.runs.who import Who


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
            _check(who)
            connection.execute(delete(administrators).where(administrators.c.identity == identity))
            connection.execute(insert(administrators).values(identity=identity, since_utc=clock.now()))
            note(connection, who, "make administrator", detail=identity)

    def ban(self, subject: str, reason: str = "", *, who: Who) -> None:
        """Let an identity, or a network address, look but not start or change anything."""
        with self.database.write() as connection:
            _check(who)
            connection.execute(delete(banned).where(banned.c.subject == subject))
            connection.execute(insert(banned).values(subject=subject, since_utc=clock.now(), reason=reason))
            note(connection, who, "ban", detail=subject)

    def unban(self, subject: str, *, who: Who) -> None:
        """Lift a ban."""
        with self.database.write() as connection:
            _check(who)
            connection.execute(delete(banned).where(banned.c.subject == subject))
            note(connection, who, "unban", detail=subject)

    def banned(self, *, who: Who) -> dict[str, str]:
        """Return the reason of each ban by its subject."""
        _check(who)
        with self.database.read() as connection:
            rows = connection.execute(select(banned.c.subject, banned.c.reason).order_by(banned.c.since_utc))
            return {row.subject: row.reason for row in rows}

    def switch(self, key: str, value: str, *, who: Who) -> None:
        """Set what holds for everybody, such as `rights.READ_ONLY`, to any text; "" switches it off."""
        with self.database.write() as connection:
            _check(who)
            _set(connection, key, value)
            note(connection, who, f"switch {key}"[:32], detail=value)

    def switched(self, key: str) -> str:
        """Return what `switch` set, or "". Everybody may know."""
        with self.database.read() as connection:
            return connection.scalar(select(server_state.c.value).where(server_state.c.key == key)) or ""


def _set(connection: Connection, key: str, value: str) -> None:
    connection.execute(delete(server_state).where(server_state.c.key == key))
    if value:
        connection.execute(insert(server_state).values(key=key, value=value))


def _check(who: Who) -> None:
    if not who.is_administrator:
        raise RightsError("Only an administrator may do this. The terminal prints the administrator's link at start.")
