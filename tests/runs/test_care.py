"""A store is backed up while it is written, restored elsewhere, checked, and made smaller."""

import sqlite3
import threading

import numpy as np
import pytest

from mnist_core.errors import StoreError
from mnist_core.nn import MLP
from mnist_core.runs import OPERATOR, RunStore, care
from mnist_core.training import Checkpoint, TrainingConfig

CONFIG = TrainingConfig(hidden_units=(64,))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite3"


@pytest.fixture
def store(path):
    opened = RunStore(f"sqlite:///{path}")
    yield opened
    opened.close()


def add_run(store, name):
    run = store.create(CONFIG, name=name, who=OPERATOR)
    network = MLP(CONFIG.layer_sizes, seed=len(name))
    store.save_snapshot(run.id, 0, network)
    store.save_checkpoint(run.id, Checkpoint(0, network.parameters.copy()))
    return run


def test_a_backup_taken_while_runs_are_written_is_whole_and_equal(store, path, tmp_path):
    kept = [add_run(store, f"run-{number}") for number in range(5)]
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            add_run(store, f"busy-{number}")
            number += 1

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        conditions = [care.backup(path, tmp_path / f"backup-{number}") for number in range(3)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert all(condition.problems == () for condition in conditions)
    care.restore(tmp_path / "backup-2", tmp_path / "elsewhere" / "runs.sqlite3")
    restored = RunStore(f"sqlite:///{tmp_path / 'elsewhere' / 'runs.sqlite3'}")
    for run in kept:
        assert restored.get(run.id, who=OPERATOR) == store.get(run.id, who=OPERATOR)
        assert np.array_equal(
            restored.network(run.id, who=OPERATOR).parameters, store.network(run.id, who=OPERATOR).parameters
        )
    restored.close()


def test_a_backup_does_not_overwrite_and_leaves_nothing_half_done(store, path, tmp_path):
    target = tmp_path / "backup"
    target.write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        care.backup(path, target)
    assert target.read_text() == "precious"
    with pytest.raises(StoreError, match="There is no store"):
        care.backup(tmp_path / "nothing", tmp_path / "other")
    beside = {path.name + end for end in ("", "-wal", "-shm", "-checkpoint", "-reserve")}
    assert {file.name for file in tmp_path.iterdir()} <= {"backup", *beside}


def test_a_restore_replaces_only_when_told_and_never_under_a_server(store, path, tmp_path):
    care.backup(path, tmp_path / "backup")
    late = add_run(store, "late")
    with pytest.raises(StoreError, match="Add --replace"):
        care.restore(tmp_path / "backup", path)
    with pytest.raises(StoreError, match=r"is in use\. Stop the server first"):
        care.restore(tmp_path / "backup", path, replace=True)
    assert store.get(late.id, who=OPERATOR).name == "late"
    store.close()
    care.restore(tmp_path / "backup", path, replace=True)
    assert care.check(path).rows["runs"] == 0
    assert care.check(path.with_name("runs.sqlite3.replaced")).rows["runs"] == 1


def test_damage_is_found_and_never_restored(store, path, tmp_path):
    for number in range(5):
        add_run(store, f"run-{number}")
    store.close()
    care.vacuum(path)
    backup = tmp_path / "backup"
    care.backup(path, backup)
    damaged = bytearray(backup.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 20_000] = bytes(20_000)
    backup.write_bytes(damaged)
    assert care.check(backup).problems
    with pytest.raises(StoreError, match="Nothing has been changed"):
        care.restore(backup, path, replace=True)
    assert care.check(path).problems == ()


def test_a_file_that_is_no_store_is_named(tmp_path):
    other = tmp_path / "other"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    text = tmp_path / "text"
    text.write_text("no database at all" * 100)
    for file in (other, text):
        with pytest.raises(StoreError, match="is not a run store"):
            care.check(file)


def test_vacuum_gives_deleted_runs_space_back(store, path):
    runs = [add_run(store, f"run-{number}") for number in range(5)]
    for run in runs:
        store.delete(run.id, who=OPERATOR)
    before = path.stat().st_size
    saved = care.vacuum(path)
    assert path.stat().st_size == before - saved
    assert care.check(path).free_bytes == 0


def test_a_store_on_a_server_has_the_servers_own_tools():
    with pytest.raises(StoreError, match="pg_dump"):
        care.file_of("postgresql+psycopg://user@host/mnist")
