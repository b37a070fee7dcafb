"""What tests of the engine share: waiting for a state, processes, and the undisturbed run to compare with."""

import time
from collections.abc import Callable
from functools import cache

import psutil

from mnist_core.data import load_mnist
from mnist_core.jobs import Engine
from mnist_core.runs import OPERATOR, Run, RunStore, weights_sha256
from mnist_core.training import TrainingConfig, train

# A few seconds of training in short epochs, and an epoch that takes much longer than any wait.
STEADY = TrainingConfig(epochs=120, train_size=10_000, hidden_units=(64,))
LASTING = STEADY.model_copy(update={"epochs": 1000})  # outlasts a death that is noticed late
QUICK = TrainingConfig(epochs=4, train_size=2_000, hidden_units=(16,))
LONG_EPOCHS = TrainingConfig(epochs=2, batch_size=1, hidden_units=(512, 256))


def until(condition: Callable[[], object], what: str, timeout_s: float = 300) -> None:
    """Return as soon as the condition holds; fail after the timeout."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s} s: {what}"
        time.sleep(0.02)


def until_status(store: RunStore, run_id: str, *statuses: str, timeout_s: float = 300) -> Run:
    """Return the run as soon as it has one of the statuses."""
    deadline = time.monotonic() + timeout_s
    while (run := store.get(run_id, who=OPERATOR)).status not in statuses:
        assert time.monotonic() < deadline, f"not {statuses} within {timeout_s} s: {run}"
        time.sleep(0.02)
    return run


def until_training(store: RunStore, run_id: str) -> None:
    """Return as soon as a worker is in the middle of the run's first epoch, or past it."""
    until(lambda: (run := store.get(run_id, who=OPERATOR)).epoch_share > 0 or run.epochs_done > 0, "training")


def until_checkpoint(store: RunStore, run_id: str) -> int:
    """Return how many epochs the first checkpoint has that is not the initial one, as soon as it is there."""

    def epochs_done() -> int:
        checkpoint = store.load_checkpoint(run_id, who=OPERATOR)
        return checkpoint.epochs_done if checkpoint else 0

    until(epochs_done, "a checkpoint")
    return epochs_done()


def worker_of(store: RunStore, run_id: str) -> psutil.Process:
    """Return the process that works on the run."""
    return psutil.Process(int(store.get(run_id, who=OPERATOR).worker.rpartition(":")[2]))


def descendants(pid: int | None = None) -> set[psutil.Process]:
    """Return the living processes that a process (default: this one) started, and theirs."""
    return set(psutil.Process(pid).children(recursive=True))


@cache
def undisturbed_sha256(config: TrainingConfig, threads: int) -> str:
    """Return the hash of the weights that the same recipe ends with in one go, in this process."""
    trainer = train(config, load_mnist(), threads=threads)
    for _ in trainer:
        pass
    return weights_sha256(trainer.network)


def assert_as_if_undisturbed(engine: Engine, run_id: str) -> None:
    """Assert that a finished run has every epoch once, and the weights of a run that nothing happened to."""
    run = engine.store.get(run_id, who=OPERATOR)
    assert run.status == "finished", run
    assert engine.store.history(run_id, who=OPERATOR)["epoch"].tolist() == list(range(run.config.epochs))
    assert run.weights_sha256 == weights_sha256(engine.store.network(run_id, who=OPERATOR))
    assert run.weights_sha256 == undisturbed_sha256(run.config, run.threads or 0)
