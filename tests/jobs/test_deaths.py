"""Whatever is killed, runs go on from their last checkpoint, end bit-identically, and no process is left over."""

import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mnist_core.jobs import Engine
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.queue import MAX_DEATHS, WorkQueue
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
from tests.jobs.sample_tasks import SAMPLE_TASKS

SETTINGS = Settings(workers=1, scheduler_address=None)

# A server as far as the engine is concerned: it submits a run, says so, and waits for its death.
SERVER = """
    import sys
    from mnist_core.jobs import Engine
    from mnist_core.runs import OPERATOR, RunStore
    from mnist_core.settings import Settings
    from mnist_core.training import TrainingConfig
    engine = Engine(RunStore(sys.argv[1]), Settings(workers=1, scheduler_address=None))
    print(engine.submit(TrainingConfig.model_validate_json(sys.argv[2]), who=OPERATOR), flush=True)
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
    run_id = engine.submit(LASTING, who=OPERATOR)
    reached = until_checkpoint(engine.store, run_id)
    victim = worker_of(engine.store, run_id)
    victim.kill()
    until(lambda: engine.store.get(run_id, who=OPERATOR).worker.endswith(f":{victim.pid}") is False, "another worker")
    assert reached <= engine.store.get(run_id, who=OPERATOR).epochs_done < LASTING.epochs
    until_status(engine.store, run_id, "finished", "failed")
    assert_as_if_undisturbed(engine, run_id)
    assert engine.store.get(run_id, who=OPERATOR).attempt == 1  # Dask tried again by itself, from the checkpoint


def kill_workers_of(store: RunStore, run_id: str, enough: Callable[[int], bool]) -> set[int]:
    """Kill each worker that has the run as soon as it has it, until that is enough; return their process ids."""
    victims: set[int] = set()
    while store.get(run_id, who=OPERATOR).is_active and not enough(len(victims)):
        worker = store.get(run_id, who=OPERATOR).worker
        if worker and (pid := int(worker.rpartition(":")[2])) not in victims:
            victims.add(pid)
            psutil.Process(pid).kill()
        until(
            lambda seen=worker: (
                store.get(run_id, who=OPERATOR).worker != seen or not store.get(run_id, who=OPERATOR).is_active
            ),
            "the next victim",
        )
    return victims


def test_a_run_that_kills_every_worker_steps_aside_and_can_be_resumed(engine: Engine):
    run_id = engine.submit(LONG_EPOCHS, who=OPERATOR)
    victims = kill_workers_of(engine.store, run_id, lambda _: False)
    failed = engine.store.get(run_id, who=OPERATOR)
    assert (failed.status, failed.deaths, len(victims)) == ("failed", MAX_DEATHS, MAX_DEATHS)
    assert "without getting further" in failed.error
    until_status(engine.store, engine.submit(QUICK, who=OPERATOR), "finished")
    engine.resume(run_id, who=OPERATOR)
    until_training(engine.store, run_id)
    assert engine.store.get(run_id, who=OPERATOR).error == ""


def test_deaths_with_progress_between_them_do_not_end_a_run(engine: Engine):
    """Six deaths are twice what Dask allows a task, and what a run without progress would survive."""
    run_id = engine.submit(LASTING, who=OPERATOR)
    for _ in range(6):
        reached = engine.store.get(run_id, who=OPERATOR).epochs_done
        until(lambda at=reached: _checkpointed(engine.store, run_id) > at, "progress")
        victim = worker_of(engine.store, run_id)
        victim.kill()
        until(
            lambda dead=victim: not engine.store.get(run_id, who=OPERATOR).worker.endswith(f":{dead.pid}"),
            "another worker",
        )
    until_status(engine.store, run_id, "finished", "failed")
    assert_as_if_undisturbed(engine, run_id)


def _checkpointed(store: RunStore, run_id: str) -> int:
    checkpoint = store.load_checkpoint(run_id, who=OPERATOR)
    return checkpoint.epochs_done if checkpoint else 0


def test_a_killed_workers_task_is_done_by_another_and_bounded(engine: Engine, tmp_path: Path):
    run = engine.store.create(QUICK, target_epochs=1, who=OPERATOR)
    engine.store.annotate(run.id, str(tmp_path / "enough"), who=OPERATOR)
    engine.start_task("deadly", run.id, who=OPERATOR)
    until(lambda: not engine.task_state("deadly", run.id, who=OPERATOR).is_active, "the end")
    state = engine.task_state("deadly", run.id, who=OPERATOR)
    assert state.status == "failed"
    assert "without getting further" in state.error
    until_status(engine.store, engine.submit(QUICK, who=OPERATOR), "finished")


def test_a_servers_restart_does_not_leave_a_task_running_for_ever(store: RunStore, tmp_path: Path):
    run = store.create(QUICK, target_epochs=1, who=OPERATOR)
    store.request(run.id, "pause", who=OPERATOR)
    store.annotate(run.id, str(tmp_path / "enough"), who=OPERATOR)
    engine = Engine(store, SETTINGS, SAMPLE_TASKS)
    engine.start_task("patient", run.id, who=OPERATOR)
    until(lambda: engine.task_state("patient", run.id, who=OPERATOR).status == "running", "the task")
    engine.close()
    (tmp_path / "enough").touch()
    again = Engine(store, SETTINGS, SAMPLE_TASKS)
    until(lambda: again.task_state("patient", run.id, who=OPERATOR).status == "finished", "the task")
    assert store.load_artifact(run.id, "patient", who=OPERATOR) == b"done"
    again.close()


def test_a_killed_cluster_is_started_again_and_its_run_goes_on(store: RunStore):
    before = descendants()
    engine = Engine(store, SETTINGS)
    run_id = engine.submit(LASTING, who=OPERATOR)
    reached = until_checkpoint(store, run_id)
    cluster = descendants() - before
    next(process for process in cluster if "mnist_core.cluster" in process.cmdline()).kill()
    until(lambda: store.get(run_id, who=OPERATOR).attempt == 2, "the second cluster")
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
    left = store.get(run_id, who=OPERATOR)
    assert (left.status, left.epochs_done < LASTING.epochs) == ("running", True)
    until(lambda: store.get(run_id, who=OPERATOR).is_silent, "the page sees that nobody works on it")
    engine = Engine(store, SETTINGS)
    until(lambda: store.get(run_id, who=OPERATOR).attempt == 2, "the run is taken over")
    until_status(store, run_id, "finished", "failed")
    assert_as_if_undisturbed(engine, run_id)
    assert store.get(run_id, who=OPERATOR).epochs_done >= reached
    engine.close()


def test_an_orderly_end_leaves_no_orphan_and_lets_others_take_over_at_once(store: RunStore):
    before = descendants()
    engine = Engine(store, SETTINGS)
    running, queued = engine.submit(LONG_EPOCHS, who=OPERATOR), engine.submit(QUICK, who=OPERATOR)
    until_training(store, running)
    engine.close()
    until(lambda: descendants() <= before, "no orphan")
    assert [ticket.id for ticket in WorkQueue(store).waiting()] == [running, queued]
