"""Stores of every released schema, made by the code of that release, are opened by today's without losing a value."""

import math
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy import Engine, MetaData, create_engine, inspect, select, text

from mnist_core.nn import MLP
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.schema import VERSION
from tests.runs.postgres import new_database
from tests.runs.released.make import FOLDER, SMALL

RELEASED = [int(path.stem.removeprefix("version_")) for path in sorted(FOLDER.glob("*.sqlite3"))]

Rows = dict[str, list[dict[str, object]]]


@pytest.fixture(params=RELEASED)
def version(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture(params=["sqlite", "postgresql"])
def released(request: pytest.FixtureRequest, tmp_path: Path, version: int) -> str:
    """URL of a copy of a released store, on each kind of database."""
    if request.param == "sqlite":
        shutil.copy(FOLDER / f"version_{version}.sqlite3", tmp_path / "runs.sqlite3")
        return f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    url = new_database(request.getfixturevalue("postgres"))
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute((FOLDER / f"version_{version}.sql").read_text())
    return url


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


def rows(url: str) -> Rows:
    """All values as the database itself has them, without our column types; NaN as a word, to be comparable."""
    with opened(url) as engine, engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        return {
            name: [
                {key: "nan" if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}
                for row in connection.execute(select(text("*")).select_from(table)).mappings()
            ]
            for name, table in metadata.tables.items()
        }


def definition(url: str) -> dict[str, dict[str, tuple[str, bool, object]]]:
    """Name, type, whether it may be NULL, and default of every column of every table; and the indexes."""
    with opened(url) as engine:
        looked = inspect(engine)
        tables = {
            table: {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in looked.get_columns(table)
            }
            for table in looked.get_table_names()
        }
        indexes = {
            f"indexes of {table}": {
                str(index["name"]): tuple(index["column_names"]) for index in looked.get_indexes(table)
            }
            for table in looked.get_table_names()
        }
        return tables | indexes


def test_a_store_of_every_version_before_todays_is_kept():
    assert set(RELEASED) >= set(range(1, VERSION))


def test_an_upgrade_loses_no_value(released: str):
    before = rows(released)
    RunStore(released).close()
    after = rows(released)
    assert after.pop("store_info") == [{"product": "mnist-dashboard", "version": VERSION}]
    assert before.pop("store_info") != []
    assert len(before["runs"]) == 7
    for row in before["runs"]:
        row["owner"] = row.pop("visitor")
    for table, old_rows in before.items():
        kept = [{name: row[name] for name in old_rows[0]} for row in after[table]]
        assert sorted(kept, key=repr) == sorted(old_rows, key=repr)


def test_an_upgraded_database_is_defined_as_a_new_one(released: str, request: pytest.FixtureRequest, tmp_path: Path):
    fresh = (
        f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
        if released.startswith("sqlite")
        else new_database(request.getfixturevalue("postgres"))
    )
    RunStore(released).close()
    RunStore(fresh).close()
    assert definition(released) == definition(fresh)


def test_an_upgraded_store_is_read_and_goes_on(released: str):
    store = RunStore(released)
    runs = {run.name: run for run in store.list_runs(who=OPERATOR)}
    finished = runs["calm-otter-17"]
    assert (finished.config, finished.status, finished.test_accuracy) == (SMALL, "finished", 0.954)
    assert (finished.notes, finished.versions) == ("wide\nand ünïcode ✓", {"numpy": "2.4.6"})
    assert store.history(finished.id, who=OPERATOR)["cost"].tolist() == [2.3 / (epoch + 1) for epoch in range(4)]
    network = MLP(SMALL.layer_sizes, seed=7)
    np.testing.assert_array_equal(store.network(finished.id, who=OPERATOR).parameters, network.parameters / 2)
    np.testing.assert_array_equal(store.snapshot(finished.id, 4, who=OPERATOR).parameters, network.parameters)
    assert store.load_artifact(finished.id, "robustness", who=OPERATOR) == b"\x00\xffbytes"
    assert math.isnan(
        store.history(next(run.id for run in runs.values() if run.status == "diverged"), who=OPERATOR)["cost"][1]
    )
    assert runs["queued"].id in {waiting.id for waiting in WorkQueue(store).waiting()}
    store.delete(finished.id, who=OPERATOR)
    assert finished.id not in {run.id for run in store.list_runs(who=OPERATOR)}
    store.close()


def test_an_upgrade_to_version_2_knows_which_names_people_gave(released: str, version: int):
    store = RunStore(released)
    if version == 1:
        named = {run.name for run in store.list_runs(who=OPERATOR) if run.named}
        assert named == {"my own name", "paused", "queued", "running"}
        assert not any(run.pinned for run in store.list_runs(who=OPERATOR))
    store.close()


def test_an_upgrade_to_version_2_says_that_a_smoothed_cost_was_the_objective(tmp_path: Path):
    path = tmp_path / "runs.sqlite3"
    shutil.copy(FOLDER / "version_1.sqlite3", path)
    smoothed = """replace(config, '"label_smoothing":0.0', '"label_smoothing":0.1')"""
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE runs SET config = {smoothed} WHERE name = 'calm-otter-17'")
    connection.close()
    store = RunStore(f"sqlite:///{path}")
    for run in store.list_runs(who=OPERATOR):
        history = store.history(run.id, who=OPERATOR)
        if run.name == "calm-otter-17":
            assert (
                history["objective"].tolist() == history["cost"].tolist() == [2.3 / (epoch + 1) for epoch in range(4)]
            )
        else:
            assert history["objective"].isna().all()
    store.close()
