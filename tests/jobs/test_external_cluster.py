"""A scheduler and two workers that somebody else started, serving two servers and one database."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_core.jobs import Engine
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.settings import Settings
from tests.jobs.helpers import LONG_EPOCHS, QUICK, STEADY, assert_as_if_undisturbed, until, until_status, until_training
from tests.runs.postgres import new_database


@pytest.fixture
def store(postgres: str) -> Iterator[RunStore]:
    store = RunStore(new_database(postgres))
    yield store
    store.close()


@pytest.fixture
def scheduler_address(tmp_path: Path) -> Iterator[str]:
    """Start a scheduler and two workers as an operator does."""
    file = tmp_path / "scheduler.json"
    scheduler = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = ["distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]
    worker += ["--local-directory", str(tmp_path)]
    commands = [[*scheduler, "--scheduler-file", str(file)]] + 2 * [[*worker, "--scheduler-file", str(file)]]
    log = (tmp_path / "log").open("w")
    processes = [subprocess.Popen([sys.executable, "-m", *command], stderr=log) for command in commands]
    try:
        until(lambda: file.exists() and file.read_text().strip(), "the scheduler")
        yield json.loads(file.read_text())["address"]
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in reversed(processes):
            process.wait(15)
        log.close()


def test_two_runs_train_at_the_same_time_on_two_workers(scheduler_address: str, store: RunStore):
    settings = Settings(scheduler_address=scheduler_address)
    engines = [Engine(store, settings), Engine(store, settings)]
    first, second = engines[0].submit(STEADY, who=OPERATOR), engines[0].submit(LONG_EPOCHS, who=OPERATOR)
    until_training(store, first)
    until_training(store, second)
    both = [store.get(run_id, who=OPERATOR) for run_id in (first, second)]
    assert [run.status for run in both] == ["running", "running"]
    assert both[0].worker != both[1].worker

    third = engines[1].submit(QUICK, who=OPERATOR)  # waits: both workers are busy
    assert engines[0].queue_position(third, who=OPERATOR) == 1
    engines[1].stop(second, who=OPERATOR)
    until_status(store, second, "stopped")
    until_status(store, third, "finished")
    until_status(store, first, "finished")
    for run_id in (first, third):
        assert_as_if_undisturbed(engines[0], run_id)
        assert store.get(run_id, who=OPERATOR).attempt == 1  # nobody took it over from a living server
    for engine in engines:
        engine.close()


def test_workers_outlive_the_server_and_another_one_continues(scheduler_address: str, store: RunStore):
    engine = Engine(store, Settings(scheduler_address=scheduler_address))
    running = engine.submit(STEADY, who=OPERATOR)
    until_training(store, running)
    engine.close()
    again = Engine(store, Settings(scheduler_address=scheduler_address))
    until_status(store, running, "finished")
    assert_as_if_undisturbed(again, running)
    until_status(store, again.submit(QUICK, who=OPERATOR), "finished")
    again.close()
