"""Whatever is killed, runs go on from their last checkpoint, end bit-identically, and no process is left over."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator

import psutil
import pytest

from mnist_core.jobs import Engine
from mnist_core.runs import RunStore
from mnist_core.runs.queue import RunQueue
from mnist_core.settings import Settings
from tests.jobs.helpers import (
    LASTING,
    LONG_EPOCHS,
    QUICK,
    assert_as_if_undisturbed,
    descendants,
    until,
    until_checkpoint,
    until_status,
    until_training,
    worker_of,
)

SETTINGS = Settings(workers=1, scheduler_address=None)

# A server as far as the engine is concerned: it submits a run, says so, and waits for its death.
SERVER = """
    import sys
    from mnist_core.jobs import Engine
    from mnist_core.runs import RunStore
    from mnist_core.settings import Settings
    from mnist_core.training import TrainingConfig
    engine = Engine(RunStore(sys.argv[1]), Settings(workers=1, scheduler_address=None))
    print(engine.submit(TrainingConfig.model_validate_json(sys.argv[2])), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def server(store: RunStore) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process, and the id of the run that it has submitted."""
    command = [sys.executable, "-c", textwrap.dedent(SERVER), store.url, LASTING.model_dump_json()]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process, process.stdout.readline().strip()
    process.kill()
    process.communicate()


def test_a_killed_workers_run_goes_on_from_its_checkpoint(engine: Engine):
    run_id = engine.submit(LASTING)
    reached = until_checkpoint(engine.store, run_id)
    victim = worker_of(engine.store, run_id)
    victim.kill()
    until(lambda: engine.store.get(run_id).worker.endswith(f":{victim.pid}") is False, "another worker")
    assert reached <= engine.store.get(run_id).epochs_done < LASTING.epochs
    until_status(engine.store, run_id, "finished", "failed")
    assert_as_if_undisturbed(engine, run_id)
    assert engine.store.get(run_id).attempt == 1  # Dask tried again by itself, from the checkpoint


def test_a_run_that_kills_every_worker_fails_in_words(engine: Engine):
    run_id = engine.submit(LONG_EPOCHS)
    victims: set[int] = set()
    while engine.store.get(run_id).is_active:
        worker = engine.store.get(run_id).worker
        if worker and (pid := int(worker.rpartition(":")[2])) not in victims:
            victims.add(pid)
            psutil.Process(pid).kill()
        until(
            lambda seen=worker: engine.store.get(run_id).worker != seen or not engine.store.get(run_id).is_active,
            "the next victim",
        )
    failed = engine.store.get(run_id)
    assert failed.status == "failed"
    assert failed.error.startswith("Several worker processes died over this run")
    assert "KilledWorker" in failed.traceback
    assert len(victims) > 1
    until_status(engine.store, engine.submit(QUICK), "finished")


def test_a_killed_cluster_is_started_again_and_its_run_goes_on(store: RunStore):
    before = descendants()
    engine = Engine(store, SETTINGS)
    run_id = engine.submit(LASTING)
    reached = until_checkpoint(store, run_id)
    cluster = descendants() - before
    next(process for process in cluster if "mnist_core.jobs.cluster" in process.cmdline()).kill()
    until(lambda: store.get(run_id).attempt == 2, "the second cluster")
    until(lambda: not any(process.is_running() for process in cluster), "no orphan")
    until_status(store, run_id, "finished", "failed")
    assert reached > 0
    assert_as_if_undisturbed(engine, run_id)
    engine.close()
    until(lambda: descendants() <= before, "no orphan")


def test_a_killed_server_leaves_no_orphan_and_its_run_goes_on(
    server: tuple[subprocess.Popen[str], str], store: RunStore
):
    process, run_id = server
    reached = until_checkpoint(store, run_id)
    orphans = descendants(process.pid)
    assert len(orphans) >= 3  # the cluster, its worker, and what keeps track of shared resources
    process.kill()
    until(lambda: not any(orphan.is_running() for orphan in orphans), "no orphan")
    left = store.get(run_id)
    assert (left.status, left.epochs_done < LASTING.epochs) == ("running", True)
    until(lambda: store.get(run_id).is_silent, "the page sees that nobody works on it")
    engine = Engine(store, SETTINGS)
    until(lambda: store.get(run_id).attempt == 2, "the run is taken over")
    until_status(store, run_id, "finished", "failed")
    assert_as_if_undisturbed(engine, run_id)
    assert store.get(run_id).epochs_done >= reached
    engine.close()


def test_an_orderly_end_leaves_no_orphan_and_lets_others_take_over_at_once(store: RunStore):
    before = descendants()
    engine = Engine(store, SETTINGS)
    running, queued = engine.submit(LONG_EPOCHS), engine.submit(QUICK)
    until_training(store, running)
    engine.close()
    until(lambda: descendants() <= before, "no orphan")
    assert [run.run_id for run in RunQueue(store).waiting()] == [running, queued]
