from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from mnist_core.errors import StoreError
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.database import Database, default_url
from mnist_core.runs.schema import VERSION
from mnist_core.settings import settings
from mnist_core.training import TrainingConfig


def execute(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_second_opening_finds_what_the_first_left(database_url: str):
    first = RunStore(database_url)
    run = first.create(TrainingConfig(), who=OPERATOR)
    second = RunStore(database_url)
    assert second.get(run.id, who=OPERATOR) == run
    first.close()
    second.close()


def test_an_older_database_is_upgraded_step_by_step_without_loss(database_url: str):
    store = RunStore(database_url)
    run = store.create(TrainingConfig(), who=OPERATOR)
    steps: list[int] = []

    def upgrade(step: int):
        def apply(connection: Connection) -> None:
            steps.append(step)
            connection.execute(text(f"ALTER TABLE runs ADD COLUMN added_{step} INTEGER"))

        return apply

    upgrades = {VERSION + 1: upgrade(VERSION + 1), VERSION + 2: upgrade(VERSION + 2)}
    for _ in range(2):  # the second opening finds nothing to upgrade
        database = Database(database_url, VERSION + 2, upgrades)
        with database.read() as connection:
            assert connection.scalar(text("SELECT version FROM store_info")) == VERSION + 2
            assert connection.execute(text(f"SELECT id, added_{VERSION + 2} FROM runs")).all() == [(run.id, None)]
        database.close()
    assert steps == [VERSION + 1, VERSION + 2]
    store.close()


def test_a_failed_upgrade_changes_nothing(database_url: str):
    RunStore(database_url).close()

    def broken(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE runs ADD COLUMN half INTEGER"))
        raise StoreError("no space left")

    with pytest.raises(StoreError, match="no space left"):
        Database(database_url, VERSION + 1, {VERSION + 1: broken})
    database = Database(database_url)
    with database.read() as connection:
        assert "half" not in [column["name"] for column in inspect(connection).get_columns("runs")]
    database.close()


def test_a_newer_database_is_refused(database_url: str):
    RunStore(database_url).close()
    execute(database_url, f"UPDATE store_info SET version = {VERSION + 1}")
    with pytest.raises(StoreError, match=f"schema version {VERSION + 1}; this app knows versions up to {VERSION}"):
        RunStore(database_url)


def test_a_foreign_database_is_refused_and_left_alone(database_url: str):
    execute(database_url, "CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(StoreError, match=r"belongs to something else.*invoices"):
        RunStore(database_url)
    execute(database_url, "INSERT INTO invoices VALUES (1)")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("no url at all", "Could not parse"),
        ("nosuchdatabase://host/name", "nosuchdatabase"),
        ("sqlite:////proc/nowhere/runs.sqlite3", "nowhere"),
    ],
)
def test_an_unusable_url_is_an_error_in_words(url: str, words: str):
    with pytest.raises(StoreError, match=f"{words}.*MNIST_DATABASE_URL"):
        RunStore(url)


def test_an_unreachable_server_is_an_error_in_words_without_its_password():
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        RunStore("postgresql+psycopg://someone:secret@127.0.0.1:1/runs")
    assert "secret" not in str(caught.value)
    assert "someone:***@127.0.0.1:1" in str(caught.value)


def test_a_file_that_is_no_database_is_an_error_in_words(tmp_path: Path):
    path = tmp_path / "runs.sqlite3"
    path.write_bytes(b"this is a text file, not a database" * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        RunStore(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"this is a text file")


def test_sqlite_keeps_a_write_ahead_log_and_makes_its_folder(tmp_path: Path):
    store = RunStore(f"sqlite:///{tmp_path / 'new' / 'folder' / 'runs.sqlite3'}")
    with store.database.read() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    store.close()


def test_the_default_is_a_file_in_the_users_folder():
    expected = settings().database_url or f"sqlite:///{settings().user_dir / 'runs.sqlite3'}"
    assert default_url() == expected
