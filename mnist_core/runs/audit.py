"""The audit log: who did what, and when. Written in the transaction that does it; read by the administrator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from mnist_core.errors import RightsError
from mnist_core.runs import clock
from mnist_core.runs.database import Database
from mnist_core.runs.schema import audit
from mnist_core.runs.who import Who

KEPT_DAYS = 90
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log.

    Attributes
    ----------
    identity, name, address
        Who: as of `Who`.
    action
        What was done, in a word or two, such as "delete".
    run_id
        With which run; "" where it concerns none.
    detail
        What else there is to know, such as the run's name at that time.
    """

    at_utc: datetime
    identity: str
    name: str
    address: str
    action: str
    run_id: str
    detail: str


def note(connection: Connection, who: Who, action: str, run_id: str = "", detail: str = "") -> None:
    """Write down what `who` does, and forget what is older than `KEPT_DAYS`."""
    connection.execute(delete(audit).where(audit.c.at_utc < clock.now(-KEPT_DAYS * _DAY_S)))
    known = {"identity": who.identity, "name": who.name, "address": who.address}
    values = {"at_utc": clock.now(), "action": action, "run_id": run_id, "detail": detail}
    connection.execute(insert(audit).values(known | values))


def read_log(database: Database, limit: int = 1000, *, who: Who) -> tuple[Entry, ...]:
    """Return the newest entries first.

    Raises
    ------
    RightsError
        `who` is no administrator.
    """
    if not who.is_administrator:
        raise RightsError("Only an administrator may read the audit log.")
    columns = [audit.c[name] for name in Entry.__dataclass_fields__]
    with database.read() as connection:
        rows = connection.execute(select(*columns).order_by(audit.c.id.desc()).limit(limit))
        return tuple(Entry(*row) for row in rows)
