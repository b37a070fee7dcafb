"""When the database cannot do its work: as an error in words, and how to wait until it can again."""

import random
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from mnist_core.errors import StoreError, StoreUnavailableError

Result = TypeVar("Result")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0

# Of SQLite's primary result codes those that another minute, or somebody's help, may mend.
_SQLITE_OUTAGES = {
    sqlite3.SQLITE_BUSY: "another program has locked the database",
    sqlite3.SQLITE_LOCKED: "another program has locked the database",
    sqlite3.SQLITE_PROTOCOL: "another program has locked the database",
    sqlite3.SQLITE_FULL: "the disk, or the room that the database may take, is full. Delete runs or free some space",
    sqlite3.SQLITE_IOERR: "the disk reports an error, or is full. See whether it has free space",
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened",
    sqlite3.SQLITE_READONLY: "its file may not be written",
    sqlite3.SQLITE_NOMEM: "the server's memory is full",
}
# And of PostgreSQL's classes of SQLSTATE; an error without one is a lost connection.
_SERVER_OUTAGES = {
    "": "the database server does not answer",
    "08": "the database server does not answer",
    "25": "the database server accepts no writes",
    "40": "two writers were in each other's way",
    "53": "the database server has no disk space, memory or connections left",
    "55": "another program has locked the database",
    "57": "the database server is starting or stopping",
}


def error_in_words(error: DBAPIError | PoolTimeoutError) -> StoreError:
    """Return what to raise instead of SQLAlchemy's error, whose text is the SQL statement.

    Returns
    -------
    StoreError
        StoreUnavailableError where the same attempt may succeed later.
    """
    reason = _outage(error)
    if reason is not None:
        return StoreUnavailableError(
            f"The run store cannot be used just now: {reason}. What was saved is safe; try again in a minute."
        )
    cause = error.orig if isinstance(error, DBAPIError) else error
    return StoreError(f"The run store could not do what was asked ({type(cause).__name__}: {cause}).")


def is_outage(error: DBAPIError | PoolTimeoutError) -> bool:
    """Tell whether the same attempt may succeed later."""
    return _outage(error) is not None


def retry(action: Callable[[], Result], for_s: float, *, given_up: threading.Event | None = None) -> Result:
    """Do `action`, again and again while the store is unavailable, with growing pauses.

    Parameters
    ----------
    action
        What can be done twice without harm, as a write may have arrived although its answer did not.
    for_s
        For how many seconds to try; the pauses grow from a tenth of a second to five seconds.
    given_up
        Ends the waiting when set, as when the process is to end.

    Raises
    ------
    StoreUnavailableError
        The last one, when the time is over.
    """
    given_up = given_up or threading.Event()
    deadline, pause_s = time.monotonic() + for_s, FIRST_PAUSE_S
    while True:
        try:
            return action()
        except StoreUnavailableError:
            left_s = deadline - time.monotonic()
            # Many who wait for one database should not all come back in the same moment.
            if left_s <= 0 or given_up.wait(min(left_s, pause_s * random.uniform(0.5, 1))):
                raise
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def _outage(error: DBAPIError | PoolTimeoutError) -> str | None:
    """Return in words what is the matter, or None if it is nothing that passes."""
    if isinstance(error, PoolTimeoutError):
        return "too many requests wait for it"
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return None if code is None else _SQLITE_OUTAGES.get(code & 0xFF)
    if not isinstance(error, OperationalError | InterfaceError) and not error.connection_invalidated:
        return None
    state = getattr(error.orig, "sqlstate", None) or ""
    return _SERVER_OUTAGES.get(state[:2])
