"""A store that is locked, full or away says so in calm words, and is used again as soon as it is back."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from mnist_core.errors import StoreError, StoreUnavailableError
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.outages import retry
from mnist_core.training import TrainingConfig
from tests.runs.postgres import Server, new_database, postgres_server

SMALL = TrainingConfig(hidden_units=(6,), epochs=30)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite3"


@contextmanager
def locked(path: Path, how: str = "EXCLUSIVE") -> Iterator[sqlite3.Connection]:
    """Another program writes, and takes its time."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute(f"BEGIN {how}")
    yield other
    other.close()


def is_calm(error: BaseException) -> bool:
    """No SQL, no parameters, no link to SQLAlchemy's documentation."""
    return not any(word in str(error) for word in ("UPDATE", "INSERT", "SELECT", "BEGIN", "sqlalche", "sqlite3."))


def test_a_locked_database_is_an_outage_in_calm_words_and_nothing_is_lost(path: Path):
    store = RunStore(f"sqlite:///{path}?timeout=0.05")
    run = store.create(SMALL, who=OPERATOR)
    with locked(path):
        assert store.get(run.id, who=OPERATOR) == run  # readers are not in the way of a writer
        with pytest.raises(StoreUnavailableError, match="another program has locked the database") as caught:
            store.annotate(run.id, "private words", who=OPERATOR)
        assert is_calm(caught.value)
    store.annotate(run.id, "later", who=OPERATOR)
    assert store.get(run.id, who=OPERATOR).notes == "later"
    store.close()


def test_a_store_that_is_locked_while_it_is_opened_is_an_outage(path: Path):
    sqlite3.connect(path).close()
    with locked(path), pytest.raises(StoreUnavailableError, match="cannot be opened: database is locked"):
        RunStore(f"sqlite:///{path}?timeout=0.05")


def test_opening_waits_for_another_program_that_locks_the_file(path: Path):
    """The switch to the write-ahead log does not wait by itself for somebody who is about to write."""
    with locked(path, "IMMEDIATE") as other:
        other.execute("CREATE TABLE gone (id INTEGER)")
        threading.Timer(0.3, other.rollback).start()
        RunStore(f"sqlite:///{path}?timeout=20").close()


def test_a_full_database_is_an_outage_and_still_deletes(path: Path):
    store = RunStore(f"sqlite:///{path}")
    run = store.create(SMALL, who=OPERATOR)
    with store.database.write() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
    limit = f"PRAGMA max_page_count = {pages + 8}"
    with store.database.write() as connection:
        connection.execute(text(limit))  # of this connection, the only one in the pool
    with pytest.raises(StoreUnavailableError, match=r"full\. Delete runs or free some space") as caught:
        store.save_artifact(run.id, "large", bytes(100_000))
    assert is_calm(caught.value)
    assert store.load_artifact(run.id, "large", who=OPERATOR) is None
    store.delete(run.id, who=OPERATOR)
    assert store.list_runs(who=OPERATOR) == ()
    store.close()


def test_what_is_no_outage_is_not_retried(path: Path):
    store = RunStore(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="no such table: nowhere") as caught, store.database.read() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    assert not isinstance(caught.value, StoreUnavailableError)
    assert is_calm(caught.value)
    store.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres_server() as server:
        yield server


def test_a_postgresql_that_is_restarted_is_away_and_then_back(server: Server):
    store = RunStore(new_database(server.url))
    run = store.create(SMALL, who=OPERATOR)
    server.stop()
    with pytest.raises(StoreUnavailableError, match="the database server does not answer") as caught:
        store.annotate(run.id, "private words", who=OPERATOR)
    assert is_calm(caught.value)
    server.start()
    store.annotate(run.id, "later", who=OPERATOR)
    assert store.get(run.id, who=OPERATOR).notes == "later"
    store.close()


def test_a_postgresql_that_ends_a_connection_in_mid_transaction_is_an_outage(server: Server):
    store = RunStore(new_database(server.url))
    run = store.create(SMALL, who=OPERATOR)
    away = pytest.raises(StoreUnavailableError, match=r"does not answer|starting or stopping")
    with away, store.database.write() as connection:
        connection.execute(text("UPDATE runs SET notes = 'half'"))
        server.stop()
        server.start()
        connection.execute(text("UPDATE runs SET notes = 'whole'"))
    assert store.get(run.id, who=OPERATOR).notes == ""
    store.close()


def test_retry_goes_on_until_the_store_is_back():
    outcomes = iter([StoreUnavailableError("away"), StoreUnavailableError("away"), "done"])

    def action() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, StoreUnavailableError):
            raise outcome
        return outcome

    assert retry(action, 60) == "done"


def test_retry_gives_up_when_its_time_is_over_or_it_is_told_to_and_never_repeats_other_errors():
    calls: list[str] = []

    def away() -> None:
        calls.append("away")
        raise StoreUnavailableError("away")

    def broken() -> None:
        calls.append("broken")
        raise StoreError("broken")

    with pytest.raises(StoreUnavailableError):
        retry(away, 0)
    given_up = threading.Event()
    given_up.set()
    with pytest.raises(StoreUnavailableError):
        retry(away, 3600, given_up=given_up)
    with pytest.raises(StoreError, match="broken"):
        retry(broken, 3600)
    assert calls == ["away", "away", "broken"]
