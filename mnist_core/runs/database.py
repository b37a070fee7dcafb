"""Open the database and begin transactions in the way that keeps writers and readers out of each other's way."""

import sqlite3
import time
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from mnist_core.errors import StoreError
from mnist_core.runs.schema import VERSION, prepare
from mnist_core.runs.upgrades import UPGRADES, Upgrades
from mnist_core.settings import settings

_BUSY_TIMEOUT_S = 30


def default_url() -> str:
    """Return ``MNIST_DATABASE_URL``, or that of a SQLite file in the user's data folder."""
    return settings().database_url or f"sqlite:///{settings().user_dir / 'runs.sqlite3'}"


class Database:
    """A database with the run store's tables in it.

    Parameters
    ----------
    url
        SQLAlchemy URL; tested with ``sqlite:///`` + path and ``postgresql+psycopg://``.
    version, upgrades
        The schema to expect or create, and how older ones become it.

    Raises
    ------
    StoreError
        It cannot be opened, belongs to something else, or to a newer version of this app.
    """

    def __init__(self, url: str, version: int = VERSION, upgrades: Upgrades = UPGRADES) -> None:
        self.url = url
        try:
            parsed = make_url(url)
            self._engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _server(parsed)
            self._prepare(version, upgrades)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OSError) as error:
            raise StoreError(f"The run store's URL cannot be used: {error}. Check MNIST_DATABASE_URL.") from error
        except DBAPIError as error:
            shown = parsed.render_as_string(hide_password=True)
            raise StoreError(
                f"The run store {shown} cannot be opened: {error.orig}. Check MNIST_DATABASE_URL, or that the file is "
                "a database and may be written."
            ) from error

    def _prepare(self, version: int, upgrades: Upgrades) -> None:
        try:
            with self.write() as connection:
                prepare(connection, version, upgrades)
        except BaseException:
            self.close()
            raise

    def read(self) -> AbstractContextManager[Connection]:
        """Begin a short transaction that only reads."""
        return self._engine.begin()

    def write(self) -> AbstractContextManager[Connection]:
        """Begin a short transaction that writes; SQLite takes its write lock now, waiting for other writers."""
        return self._engine.execution_options(run_store_writes=True).begin()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _server(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True)


def _sqlite(url: URL) -> Engine:
    if url.database:
        Path(url.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions would begin late, as readers, and fail when they must become writers.
    connection.isolation_level = None
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers and one writer work side by side. The switch itself does not wait for locks, so it is retried."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("run_store_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
