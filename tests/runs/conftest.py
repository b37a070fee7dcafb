from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_core.runs import RunStore
from tests.runs.postgres import new_database, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with postgres_server() as server:
        yield server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a new, empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def store(database_url: str) -> Iterator[RunStore]:
    store = RunStore(database_url)
    yield store
    store.close()
