"""What a SQLite file needs and a database server does for itself: checkpoints, and giving disk space back.

Checkpoints and the WAL-reset bug
---------------------------------
A commit is written to the log beside the file (WAL); a checkpoint copies the log into the file, and the first commit
after a complete one begins the log again ("resets" it). SQLite before 3.51.3 (but 3.44.6 and 3.50.7) has a bug there
(https://sqlite.org/wal.html#walresetbug): if a checkpoint starts when there is nothing left to copy, and in the same
instant another connection resets the log, the newest commits may later be taken for copied, and are lost. Python brings
the SQLite of its system, so the bug has to be lived with. It cannot occur here, because no checkpoint starts with
nothing to copy:

- no connection checkpoints by itself (``wal_autocheckpoint = 0``), but for the last one that closes, which is alone;
- all others are made by `SqliteFile.checkpoint`, one at a time among all threads and processes: a lock on a file beside
  the database sees to that;
- each is preceded by a commit of its own. Until the checkpoint has copied that commit, nobody may reset the log.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

LOG_BYTES = 4 * 2**20
RESERVE_BYTES = LOG_BYTES + 2**20  # enough to copy the log, which can then be used again, and to delete a run
_PAGES_AT_A_TIME = 500
_LONGEST_SHRINKING_S = 5.0
_BUSY_TIMEOUT_S = 0.2  # in which a checkpoint that waits for readers may hold up writers


def configure(connection: sqlite3.Connection) -> None:
    """Set what every connection needs, before it switches to the write-ahead log."""
    # Only a file without tables takes this; an older one does in `SqliteFile.vacuum`.
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    # Debian's SQLite overwrites what is deleted with zeros, for which a full disk has no room.
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    # The log keeps this size, so that small changes need no disk space, and is cut to it when it is reset.
    connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


class SqliteFile:
    """The file of a store in SQLite, and those beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log, self._lock, self._reserve = (Path(f"{path}-{name}") for name in ("wal", "checkpoint", "reserve"))

    @property
    def size_bytes(self) -> int:
        """What it takes on the disk, with its log."""
        return sum(file.stat().st_size for file in (self.path, self._log) if file.exists())

    @property
    def free_bytes(self) -> int:
        """What is free on its disk."""
        return shutil.disk_usage(self.path.parent).free

    def checkpoint_if_due(self) -> None:
        """Copy the log into the file if it has grown; to be called after a commit."""
        try:
            is_due = self._log.stat().st_size > LOG_BYTES + 4096
        except OSError:
            return
        if is_due:
            self.checkpoint()

    def checkpoint(self) -> bool:
        """Copy the log into the file. False if that has to wait for others or for disk space, which does no harm."""
        try:
            with self._alone(), closing(self._connect()) as connection:
                number = (_pragma(connection, "user_version") + 1) % 2**31
                connection.execute(f"PRAGMA user_version = {number}")  # the commit of its own
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
                return not busy
        except sqlite3.OperationalError:
            return False

    def shrink(self) -> None:
        """Give the room of what was deleted back to the disk. What takes too long or has no room is left for later."""
        # On a full disk a log that could not be copied may have no room for this: what was put by makes some.
        if not self._shrink() and self.spend_reserve():
            self._shrink()

    def _shrink(self) -> bool:
        """Shrink as far as time and room allow; False if the log could not be copied then."""
        deadline = time.monotonic() + _LONGEST_SHRINKING_S
        with closing(self._connect()) as connection, suppress(sqlite3.OperationalError):
            while self._shrink_a_little(connection) and time.monotonic() < deadline:
                self.checkpoint_if_due()
        return self.checkpoint()

    def _shrink_a_little(self, connection: sqlite3.Connection) -> bool:
        """Give some pages back; False if that had no effect, as in files of schema version 1."""
        before = _pragma(connection, "freelist_count")
        step = f"PRAGMA incremental_vacuum({_PAGES_AT_A_TIME})"
        try:
            connection.execute(step).fetchall()
        except sqlite3.OperationalError:
            self.checkpoint()  # on a full disk, this makes room in the log
            connection.execute(step).fetchall()
        return _pragma(connection, "freelist_count") < before

    def vacuum(self) -> None:
        """Write the whole file again, without gaps. Needs free disk of twice the file's size; raises as `shrink`."""
        with closing(self._connect(timeout_s=30)) as connection:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("VACUUM")
        self.checkpoint()

    def is_incremental(self) -> bool:
        """Tell whether `shrink` has an effect: files of schema version 1 need `vacuum` first."""
        with closing(self._connect()) as connection:
            return _pragma(connection, "auto_vacuum") == 2

    def keep_reserve(self) -> None:
        """Put some disk space by, for deleting when the disk is full. Not where there is hardly any."""
        try:
            with self._reserve.open("xb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
                else:
                    file.write(bytes(RESERVE_BYTES))
        except FileExistsError:
            return
        except OSError:
            self._reserve.unlink(missing_ok=True)

    def spend_reserve(self) -> bool:
        """Free what was put by, and the log with its help; False if nothing was."""
        try:
            self._reserve.unlink()
        except OSError:
            return False
        self.checkpoint()
        return True

    def _connect(self, timeout_s: float = _BUSY_TIMEOUT_S) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=timeout_s, isolation_level=None)
        configure(connection)
        return connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of those who checkpoint; sqlite3.OperationalError if another one has it."""
        with closing(sqlite3.connect(self._lock, timeout=0, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
