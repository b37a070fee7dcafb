"""Open the database and begin transactions in the way that keeps writers and readers out of each other's way."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from mnist_core.errors import StoreError, StoreUnavailableError
from mnist_core.runs.outages import error_in_words, is_outage
from mnist_core.runs.schema import VERSION, prepare
from mnist_core.runs.sqlite_file import SqliteFile, configure
from mnist_core.runs.upgrades import UPGRADES, Upgrades
from mnist_core.settings import settings

_BUSY_TIMEOUT_S = 30
# A server that has gone without a word is noticed after so long, instead of after the system's minutes or hours.
_SERVER_TIMEOUT_S = 10


def default_url() -> str:
    """Return ``MNIST_DATABASE_URL``, or that of a SQLite file in the user's data folder."""
    return settings().database_url or f"sqlite:///{settings().user_dir / 'runs.sqlite3'}"


class Database:
    """A database with the run store's tables in it.

    Parameters
    ----------
    url
        SQLAlchemy URL; tested with ``sqlite:///`` + path and ``postgresql+psycopg://``. To a file's ``?timeout=30``
        can be added: how many seconds to wait for other writers.
    version, upgrades
        The schema to expect or create, and how older ones become it.

    Attributes
    ----------
    file
        The file of a SQLite database; None for a database server.

    Raises
    ------
    StoreError
        It cannot be opened, belongs to something else, or to a newer version of this app; StoreUnavailableError where
        it is only locked or away just now.
    """

    def __init__(self, url: str, version: int = VERSION, upgrades: Upgrades = UPGRADES) -> None:
        self.url, self.file = url, None
        try:
            parsed = make_url(url)
            self.file = _file(parsed)
            self._engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _server(parsed)
            self._writer = self._engine.execution_options(run_store_writes=True)
            self._prepare(version, upgrades)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OSError) as error:
            raise StoreError(f"The run store's URL cannot be used: {error}. Check MNIST_DATABASE_URL.") from error
        except DBAPIError as error:
            shown = parsed.render_as_string(hide_password=True)
            kind = StoreUnavailableError if is_outage(error) else StoreError
            raise kind(
                f"The run store {shown} cannot be opened: {error.orig}. Check MNIST_DATABASE_URL, or that the file is "
                "a database and may be written."
            ) from error

    def _prepare(self, version: int, upgrades: Upgrades) -> None:
        try:
            with self._writer.begin() as connection:
                prepare(connection, version, upgrades)
        except BaseException:
            self.close()
            raise
        if self.file is not None:
            self.file.keep_reserve()
            _let_it_shrink(self.file)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Begin a short transaction that only reads.

        Raises
        ------
        StoreUnavailableError
            The database is locked, full or away just now: here, or when the transaction ends.
        """
        with _in_words(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Begin a short transaction that writes; SQLite takes its write lock now, waiting for other writers.

        Raises
        ------
        StoreUnavailableError
            As for `read`. Nothing was written, unless the connection was lost in the very moment of the commit.
        """
        with _in_words(), self._writer.begin() as connection:
            yield connection
        if self.file is not None:
            self.file.checkpoint_if_due()

    def remove(self, action: Callable[[Connection], None]) -> None:
        """Do a write that frees disk space. It also works on a full disk, and gives the space back.

        Raises
        ------
        StoreUnavailableError
            As for `write`.
        """
        try:
            with self.write() as connection:
                action(connection)
        except StoreUnavailableError:
            if self.file is None or not self.file.spend_reserve():
                raise
            with self.write() as connection:
                action(connection)
        if self.file is not None:
            self.file.shrink()
            self.file.keep_reserve()

    def size_bytes(self) -> int:
        """Return what the database takes on its disk."""
        if self.file is not None:
            return self.file.size_bytes
        with self.read() as connection:
            return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0

    def free_bytes(self) -> int | None:
        """Return what is free on the database's disk; None for a server's, which cannot be seen from here."""
        return None if self.file is None else self.file.free_bytes

    @property
    def software(self) -> str:
        """The database's name and version, such as "SQLite 3.40.1"."""
        if self._engine.dialect.name == "sqlite":
            return f"SQLite {sqlite3.sqlite_version}"
        with self.read() as connection:
            return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        raise error_in_words(error) from error


def _server(url: URL) -> Engine:
    patience: dict[str, object] = {}
    if url.get_driver_name() == "psycopg":
        patience = {"connect_timeout": _SERVER_TIMEOUT_S, "tcp_user_timeout": 1000 * _SERVER_TIMEOUT_S}
    # A connection is tried before it is used, so that a server's restart is noticed by nobody.
    return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=patience | dict(url.query))


def _file(url: URL) -> SqliteFile | None:
    """Return the file of a SQLite URL, whose folder is made; None where there is none."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    path = Path(url.database).expanduser().absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteFile(path)


def _sqlite(url: URL) -> Engine:
    timeout_s = float(str(url.query.get("timeout", _BUSY_TIMEOUT_S)))
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": timeout_s})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions would begin late, as readers, and fail when they must become writers.
    connection.isolation_level = None
    configure(connection)
    _use_write_ahead_log(connection)


def _let_it_shrink(file: SqliteFile) -> None:
    """Write a file of schema version 1 again, so that it can give disk space back; not while there is no room."""
    with suppress(sqlite3.OperationalError):
        if not file.is_incremental() and file.free_bytes > 3 * file.size_bytes:
            file.vacuum()


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers and one writer work side by side. The switch itself does not wait for locks, so it is retried."""
    (timeout_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    deadline = time.monotonic() + timeout_ms / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("run_store_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
