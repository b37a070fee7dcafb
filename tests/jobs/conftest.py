from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_core.jobs import Engine
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.settings import Settings
from tests.jobs.sample_tasks import SAMPLE_TASKS
from tests.runs.conftest import database_url, postgres

__all__ = ["database_url", "postgres"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    yield store
    store.close()


@pytest.fixture(scope="session")
def shared_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with one worker, for all tests that leave it alive."""
    store = RunStore(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'runs.sqlite3'}")
    engine = Engine(store, Settings(workers=1, scheduler_address=None), SAMPLE_TASKS)
    yield engine
    engine.close()
    store.close()


@pytest.fixture
def engine(shared_engine: Engine) -> Iterator[Engine]:
    """The shared engine, without runs."""
    yield shared_engine
    for run in shared_engine.store.list_runs(who=OPERATOR):
        shared_engine.delete(run.id, who=OPERATOR)
