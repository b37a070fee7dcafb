"""The store is away while a worker writes: the run waits, or is left to be taken over, and nothing is lost."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mnist_core.errors import StoreUnavailableError
from mnist_core.jobs.attend import WorkOrder, open_store
from mnist_core.jobs.worker import train_run
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.queue import Ticket, WorkQueue
from mnist_core.training import TrainingConfig
from tests.jobs.helpers import undisturbed_sha256, until
from tests.runs.postgres import new_database, postgres_server

CONFIG = TrainingConfig(epochs=300, train_size=2_000, hidden_units=(16,))


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[RunStore]:
    """A store in a file that waits for other writers for a tenth of a second only."""
    yield open_store(f"sqlite:///{tmp_path / 'runs.sqlite3'}?timeout=0.1")
    open_store.cache_clear()


def handed_out(store: RunStore) -> Ticket:
    ticket = WorkQueue(store).take(WorkQueue(store).waiting()[0])
    assert ticket is not None
    return ticket


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold SQLite's write lock, as another program does."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


def in_background(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_lock_in_the_middle_of_a_run_is_waited_out(impatient: RunStore, tmp_path: Path):
    run = impatient.create(CONFIG, who=OPERATOR)
    order = WorkOrder(handed_out(impatient), impatient.url, 1, 600, patience_s=300)
    worker = in_background(lambda: train_run(order))
    until(lambda: impatient.get(run.id, who=OPERATOR).epochs_done > 0, "the first epochs")
    with locked(tmp_path / "runs.sqlite3"):
        time.sleep(3)  # thirty times what the store waits by itself
        assert worker.is_alive()
    worker.join(300)
    after = impatient.get(run.id, who=OPERATOR)
    assert (after.status, after.attempt, after.deaths) == ("finished", 1, 0)
    assert after.weights_sha256 == undisturbed_sha256(CONFIG, 1)
    assert len(impatient.history(run.id, who=OPERATOR)) == CONFIG.epochs


def test_a_lock_that_lasts_leaves_the_run_to_be_taken_over(impatient: RunStore, tmp_path: Path):
    run, queue = impatient.create(CONFIG, who=OPERATOR), WorkQueue(impatient)
    ticket = handed_out(impatient)
    met: list[Exception] = []

    def work() -> None:
        try:
            train_run(WorkOrder(ticket, impatient.url, 1, 600, patience_s=0.5))
        except StoreUnavailableError as error:
            met.append(error)

    worker = in_background(work)
    until(lambda: impatient.get(run.id, who=OPERATOR).epochs_done > 0, "the first epochs")
    with locked(tmp_path / "runs.sqlite3"):
        worker.join(60)
    assert [type(error) for error in met] == [StoreUnavailableError]
    assert impatient.get(run.id, who=OPERATOR).status == "running"
    queue.fail(ticket, str(met[0]), "")  # as the dispatcher does when the store is there again
    train_run(WorkOrder(handed_out(impatient), impatient.url, 1, 600))
    after = impatient.get(run.id, who=OPERATOR)
    assert (after.status, after.attempt) == ("finished", 2)
    assert after.weights_sha256 == undisturbed_sha256(CONFIG, 1)
    assert len(impatient.history(run.id, who=OPERATOR)) == CONFIG.epochs


def test_a_restart_of_postgresql_is_waited_out():
    with postgres_server() as server:
        store = open_store(new_database(server.url))
        run = store.create(CONFIG, who=OPERATOR)
        order = WorkOrder(handed_out(store), store.url, 1, 600, patience_s=300)
        worker = in_background(lambda: train_run(order))
        until(lambda: store.get(run.id, who=OPERATOR).epochs_done > 0, "the first epochs")
        server.stop()
        time.sleep(2)
        server.start()
        worker.join(300)
        after = store.get(run.id, who=OPERATOR)
        assert (after.status, after.attempt) == ("finished", 1)
        assert after.weights_sha256 == undisturbed_sha256(CONFIG, 1)
        store.close()
        open_store.cache_clear()


def test_an_order_does_not_show_the_databases_password():
    order = WorkOrder(Ticket("run", "x", 1), "postgresql+psycopg://someone:secret@host/runs", 1, 600)
    assert "secret" not in f"{order!r} {order}"
