"""Keeping a store: back it up while it is written, restore and check it, and give its free space back.

For a SQLite file. A PostgreSQL server has tools of its own for this (pg_dump, pg_restore, autovacuum).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from mnist_core.errors import StoreError
from mnist_core.runs.schema import PRODUCT, VERSION
from mnist_core.runs.sqlite_file import SqliteFile

_BUSY_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Condition:
    """What a check found.

    Attributes
    ----------
    version
        Of the schema.
    rows
        Table -> number of rows.
    size_bytes, free_bytes
        Of the file, and of the part of it that nothing uses.
    problems
        What is damaged, in SQLite's words; empty for a sound store.
    """

    version: int
    rows: dict[str, int]
    size_bytes: int
    free_bytes: int
    problems: tuple[str, ...]


def file_of(url: str) -> Path:
    """Return the file of a SQLite store.

    Raises
    ------
    StoreError
        The store is on a database server.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"The run store's URL cannot be used: {error}. Check MNIST_DATABASE_URL.") from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise StoreError(
            f"Expected a store in a SQLite file, received one on {parsed.get_backend_name()}. "
            "Use the server's own tools: pg_dump, pg_restore and autovacuum."
        )
    return Path(parsed.database).expanduser()


def backup(source: Path, target: Path) -> Condition:
    """Copy a store to `target`, page by page as it is at this moment, while others go on writing.

    Raises
    ------
    StoreError
        There is no store, `target` exists already, or the copy is not sound; then no file is left behind.
    """
    if target.exists():
        raise StoreError(f"{target} exists already. Name another file, or move that one away.")
    with _whole(target) as part:
        with _open(source) as store, closing(sqlite3.connect(part)) as copy:
            # Into one file that holds everything, without a write-ahead log beside it.
            store.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        condition = check(part)
        if condition.problems:
            raise StoreError(f"The copy of {source} is damaged: {condition.problems[0]}. Run `store check` on it.")
    return condition


def restore(source: Path, target: Path, *, replace: bool = False) -> Condition:
    """Put a backup in a store's place.

    Parameters
    ----------
    replace
        Whether a store at `target` may be replaced. It is kept beside the new one, as `target` + ".replaced".

    Raises
    ------
    StoreError
        The backup is not sound, `target` exists, or is in use by a server.
    """
    condition = check(source)
    if condition.problems:
        raise StoreError(f"The backup {source} is damaged: {condition.problems[0]}. Nothing has been changed.")
    if target.exists():
        if not replace:
            raise StoreError(f"{target} exists already. Add --replace to put the backup in its place.")
        _set_aside(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _whole(target) as part, _open(source) as store, closing(sqlite3.connect(part)) as copy:
        store.backup(copy)
    return condition


def check(path: Path) -> Condition:
    """Read every page of a store, and say what is in it and what is damaged.

    Raises
    ------
    StoreError
        There is no store in this file.
    """
    with _open(path) as store:
        version = _version(store, path)
        try:
            problems = [str(found) for (found,) in store.execute("PRAGMA integrity_check") if found != "ok"]
            problems += [
                f"a row of {table} refers to a missing one of {other}"
                for table, _, other, _ in store.execute("PRAGMA foreign_key_check")
            ]
            tables = [str(name) for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: _number(store, f'SELECT count(*) FROM "{name}"') for name in sorted(tables)}
            free_bytes = _number(store, "PRAGMA page_size") * _number(store, "PRAGMA freelist_count")
        except sqlite3.DatabaseError as error:
            return Condition(version, {}, path.stat().st_size, 0, (str(error),))
        return Condition(version, rows, path.stat().st_size, free_bytes, tuple(problems))


def _number(store: sqlite3.Connection, query: str) -> int:
    return int(store.execute(query).fetchone()[0])


def vacuum(path: Path) -> int:
    """Write a store's file again without its free pages, and return how many bytes that saved. Writers wait meanwhile.

    Raises
    ------
    StoreError
        There is no store, it is locked for long, or the disk has no room for the second copy.
    """
    before = path.stat().st_size if path.exists() else 0
    with _open(path):
        try:
            SqliteFile(path).vacuum()
        except sqlite3.OperationalError as error:
            raise StoreError(f"{path} cannot be made smaller just now: {error}. Try when less is going on.") from error
    return before - path.stat().st_size


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a store that exists."""
    if not path.is_file():
        raise StoreError(f"There is no store at {path}.")
    with closing(sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)) as connection:
        _version(connection, path)
        yield connection


def _version(connection: sqlite3.Connection, path: Path) -> int:
    try:
        row = connection.execute("SELECT version FROM store_info WHERE product = ?", (PRODUCT,)).fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is not a run store: {error}.") from error
    if row is None or int(row[0]) > VERSION:
        raise StoreError(f"{path} is not a run store that this release knows (up to schema version {VERSION}).")
    return int(row[0])


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Give a file to write to that becomes `target` when all went well, and else is removed."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
        part.replace(target)
    finally:
        for leftover in (part, *_companions(part)):
            leftover.unlink(missing_ok=True)


def _set_aside(target: Path) -> None:
    """Move a store out of the way, if no server has it open."""
    with _open(target) as store:
        try:
            store.execute("PRAGMA busy_timeout = 1000")
            # Leaving the write-ahead log needs the file for oneself alone: it fails while any other connection is open.
            store.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            raise StoreError(f"{target} is in use. Stop the server first.") from error
    target.replace(target.with_name(f"{target.name}.replaced"))
    for leftover in _companions(target):
        leftover.unlink(missing_ok=True)


def _companions(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))
