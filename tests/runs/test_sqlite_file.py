"""A SQLite file: its log is copied without SQLite's WAL-reset bug, and what is deleted goes back to the disk."""

import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from mnist_core.errors import StoreUnavailableError
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.sqlite_file import LOG_BYTES, SqliteFile
from mnist_core.training import TrainingConfig
from tests.runs.released.make import FOLDER
from tests.runs.small_disk import fill, small_disk

SMALL = TrainingConfig(hidden_units=(6,), epochs=30)
MEGABYTE = 2**20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[RunStore]:
    store = RunStore(f"sqlite:///{path}")
    yield store
    store.close()


def copied_and_all(path: Path) -> tuple[int, int]:
    """How many frames of the log are in the file, and how many there are, as the index of the log says it."""
    index = Path(f"{path}-shm").read_bytes()
    return int.from_bytes(index[96:100], sys.byteorder), int.from_bytes(index[16:20], sys.byteorder)


def number(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_no_connection_checkpoints_by_itself(store: RunStore):
    for transaction in (store.database.read, store.database.write):
        with transaction() as connection:
            assert connection.scalar(text("PRAGMA wal_autocheckpoint")) == 0


def test_a_checkpoint_always_has_a_commit_of_its_own_to_copy(store: RunStore, path: Path):
    """Else another connection could reset the log while it starts: the WAL-reset bug."""
    file = SqliteFile(path)
    for _ in range(3):
        before = number(path)
        assert file.checkpoint()
        copied, frames = copied_and_all(path)
        assert copied == frames
        assert number(path) == before + 1  # and this commit is among the frames: it was the log's last
    store.create(SMALL, who=OPERATOR)
    copied, frames = copied_and_all(path)
    assert copied < frames


def test_only_one_checkpoints_at_a_time(store: RunStore, path: Path):
    before = number(path)
    with closing(sqlite3.connect(f"{path}-checkpoint", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert not SqliteFile(path).checkpoint()
    assert number(path) == before
    assert SqliteFile(path).checkpoint()


def test_the_log_is_copied_when_it_has_grown_and_then_begins_again(store: RunStore, path: Path):
    for _ in range(12):
        store.save_artifact("key", "kind", os.urandom(MEGABYTE))
        store.save_artifact("small", "kind", b"")
    assert Path(f"{path}-wal").stat().st_size <= LOG_BYTES + 2 * MEGABYTE
    assert store.load_artifact("small", "kind", who=OPERATOR) == b""


WRITER = """
    import os, sys
    from mnist_core.runs import RunStore
    store, key = RunStore(sys.argv[1]), sys.argv[2]
    for number in range(20):
        store.save_artifact(key, str(number), key.encode() * 300_000)
        store.database.file.checkpoint()
"""


def test_processes_that_write_and_checkpoint_at_once_lose_nothing(store: RunStore, path: Path):
    command = [sys.executable, "-c", textwrap.dedent(WRITER), store.url]
    writers = [subprocess.Popen([*command, key]) for key in "abc"]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    for key in "abc":
        assert all(
            store.load_artifact(key, str(number), who=OPERATOR) == key.encode() * 300_000 for number in range(20)
        )
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_is_deleted_goes_back_to_the_disk(store: RunStore, path: Path):
    run = store.create(SMALL, who=OPERATOR)
    empty = store.database.size_bytes()
    store.save_artifact(run.id, "large", os.urandom(30 * MEGABYTE))
    assert store.database.size_bytes() > 30 * MEGABYTE
    store.delete(run.id, who=OPERATOR)
    assert store.database.size_bytes() > 30 * MEGABYTE  # in the trash
    store.empty_trash(who=OPERATOR)
    for _ in range(20):  # on a busy machine it is done bit by bit
        SqliteFile(path).shrink()
    store.create(SMALL, who=OPERATOR)  # the first commit after a checkpoint cuts the log
    assert store.database.size_bytes() < empty + LOG_BYTES + MEGABYTE
    assert path.stat().st_size < MEGABYTE


def test_a_file_of_version_1_can_shrink_once_it_is_upgraded(path: Path):
    shutil.copy(FOLDER / "version_1.sqlite3", path)
    assert not SqliteFile(path).is_incremental()
    RunStore(f"sqlite:///{path}").close()
    assert SqliteFile(path).is_incremental()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk") as folder:
        yield folder


def test_deleting_makes_room_where_the_log_could_not_be_copied_any_more(disk: Path):
    store = RunStore(f"sqlite:///{disk / 'runs.sqlite3'}")
    run = store.create(SMALL, who=OPERATOR)
    store.save_artifact(run.id, "large", os.urandom(6 * MEGABYTE))
    fill(disk)
    with pytest.raises(StoreUnavailableError, match="full"):
        for number in range(10):
            store.save_artifact("in the log", str(number), os.urandom(MEGABYTE))
    store.delete(run.id, who=OPERATOR)
    assert shutil.disk_usage(disk).free > 2 * MEGABYTE
    store.close()


def test_deleting_works_on_a_full_disk_and_makes_room(disk: Path):
    store = RunStore(f"sqlite:///{disk / 'runs.sqlite3'}")
    runs = [store.create(SMALL, who=OPERATOR) for _ in range(3)]
    for run in runs:
        store.save_artifact(run.id, "large", os.urandom(3 * MEGABYTE))
    fill(disk)
    with pytest.raises(StoreUnavailableError, match="full"):
        for number in range(10):
            store.save_artifact("more", str(number), os.urandom(MEGABYTE))
    store.close()
    fill(disk)  # what closing has freed
    store = RunStore(f"sqlite:///{disk / 'runs.sqlite3'}")
    for run in runs:
        store.delete(run.id, who=OPERATOR)
        assert run.id not in {left.id for left in store.list_runs(who=OPERATOR)}
        assert store.load_artifact(run.id, "large", who=OPERATOR) is None
    assert shutil.disk_usage(disk).free > 5 * MEGABYTE
    store.save_artifact("after", "all", os.urandom(MEGABYTE))
    store.close()
