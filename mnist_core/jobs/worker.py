"""What a worker does with a run: claim it, train it from its last checkpoint, write down all that happens."""

import os
import platform
import socket
import time
import traceback
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial

import numpy as np
from threadpoolctl import threadpool_info

from mnist_core.data import Dataset, load_mnist
from mnist_core.jobs.recorder import Recorder, Trainer
from mnist_core.jobs.watch import Watch
from mnist_core.keras_twin import train_twin
from mnist_core.keras_twin import versions as keras_versions
from mnist_core.keras_twin.lockstep import Lockstep
from mnist_core.machine import available_cores
from mnist_core.runs import Run, RunStatus, RunStore, weights_sha256
from mnist_core.runs.queue import Orders, RunQueue, Waiting
from mnist_core.runs.store import LeaseLostError
from mnist_core.settings import settings
from mnist_core.training import EpochProgress, EpochResult, train
from mnist_core.training.results import Checkpoint


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What the engine tells a worker.

    Attributes
    ----------
    run
        Which run, and which handing-out of it: a worker that comes late finds that another has it.
    database_url
        Where the store is.
    threads
        Cores to use; None divides the worker's machine by its own ``MNIST_WORKERS``.
    max_run_s
        Training time after which the run is stopped.
    """

    run: Waiting
    database_url: str
    threads: int | None
    max_run_s: float


def train_run(order: WorkOrder) -> None:
    """Train a run until it ends, or is to pause or stop. Nothing is returned or raised: the store says it all.

    After the NumPy run of a pair, its Keras run follows at once, so that both have the same worker.
    """
    _train_one(order)
    follower = RunQueue(open_store(order.database_url)).follower(order.run.run_id)
    if follower is not None:
        _train_one(replace(order, run=follower))


def _train_one(order: WorkOrder) -> None:
    store = open_store(order.database_url)
    queue, run_id = RunQueue(store), order.run.run_id
    lease = queue.claim(order.run, f"{socket.gethostname()}:{os.getpid()}")
    if lease is None:
        return
    try:
        with Watch(queue, run_id, lease) as watch:
            _Training(store, queue, order, lease).run(watch)
    except LeaseLostError:
        return
    except Exception as error:  # whatever it is, the run's page must show it
        words = str(error) or f"The worker met an unexpected problem ({type(error).__name__})."
        _end(store, run_id, lease, "failed", {"error": words, "traceback": traceback.format_exc()})


@cache
def open_store(url: str) -> RunStore:
    """Return this process's store, opened once."""
    return RunStore(url)


class _Training:
    """One execution of one run."""

    def __init__(self, store: RunStore, queue: RunQueue, order: WorkOrder, lease: str) -> None:
        self._store, self._queue, self._order, self._lease = store, queue, order, lease
        self._run = store.get(order.run.run_id)

    def run(self, watch: Watch) -> None:
        dataset, checkpoint = load_mnist(), self._store.load_checkpoint(self._run.id)
        self._check_same_data(dataset)
        # The same threads again: they decide in which order sums are taken, and so the last bit of the weights.
        threads = self._run.threads or self._order.threads or max(1, available_cores() // settings().workers)
        self._note(dataset, threads)
        trainer = self._trainer(dataset, checkpoint, threads)
        recorder = Recorder(self._store, self._run.id, self._lease, trainer)
        if checkpoint is None:
            recorder.snapshot(0)
            recorder.checkpoint()
        if self._train(trainer, recorder, watch, checkpoint.elapsed_s if checkpoint else 0.0):
            self._finish(trainer, recorder, dataset)

    def _trainer(self, dataset: Dataset, checkpoint: Checkpoint | None, threads: int) -> Trainer:
        run = self._run
        begin = train_twin if run.kind == "keras" else train
        trainer = begin(run.config, dataset, resume_from=checkpoint, threads=threads)
        if run.kind == "numpy" or run.pair_id is None:
            return trainer
        kept = self._store.load_artifact(run.id, "differences")
        save = partial(self._store.save_artifact, run.id, "differences")
        return Lockstep(trainer, train(run.config, dataset, threads=threads), kept, save)

    def _train(self, trainer: Trainer, recorder: Recorder, watch: Watch, elapsed_s: float) -> bool:
        """Train to the end; False if the run was left before."""
        began = time.monotonic() - elapsed_s
        for event in trainer.events():
            recorder.record(event)
            if watch.lost:
                return False
            if time.monotonic() - began > self._order.max_run_s:
                recorder.checkpoint()
                self._end("stopped", {"error": _too_long(self._order.max_run_s)})
                return False
            status = _due(event, watch.orders, self._run.config.epochs)
            if status and self._leave(recorder, watch.orders, status):
                return False
        return True

    def _leave(self, recorder: Recorder, orders: Orders, status: RunStatus) -> bool:
        recorder.checkpoint()
        values: dict[str, object] = {"status": status, "epoch_share": 0.0}
        if status == "stopped":
            values |= {"finished_at_utc": datetime.now(UTC)}
        return self._queue.leave(self._run.id, self._lease, orders, values)

    def _finish(self, trainer: Trainer, recorder: Recorder, dataset: Dataset) -> None:
        recorder.checkpoint()
        recorder.snapshot(trainer.checkpoint().epochs_done)
        values: dict[str, object] = {"weights_sha256": weights_sha256(trainer.network)}
        if trainer.status == "diverged":
            self._end("diverged", values | {"error": trainer.message})
            return
        test = dataset.test
        correct = int(np.count_nonzero(trainer.network.predict(test.images) == test.labels))
        score = {"test_accuracy": correct / len(test), "test_correct": correct, "test_count": len(test)}
        self._end("finished", values | score)

    def _check_same_data(self, dataset: Dataset) -> None:
        expected = self._run.dataset_fingerprint
        if expected and expected != dataset.fingerprint:
            raise ValueError(
                f"The run began with the data set {self._run.dataset_name} ({expected[:12]}), but the worker now has "
                f"{dataset.name} ({dataset.fingerprint[:12]}). Set MNIST_DATA_DIR back, or start a new run."
            )

    def _note(self, dataset: Dataset, threads: int) -> None:
        self._store.update(
            self._run.id,
            lease=self._lease,
            dataset_name=dataset.name,
            dataset_fingerprint=dataset.fingerprint,
            versions=_versions(self._run),
            threads=threads,
        )

    def _end(self, status: RunStatus, values: dict[str, object]) -> None:
        _end(self._store, self._run.id, self._lease, status, values)


def _end(store: RunStore, run_id: str, lease: str, status: RunStatus, values: dict[str, object]) -> None:
    ended = {"status": status, "finished_at_utc": datetime.now(UTC), "requested": "", "epoch_share": 0.0}
    store.update(run_id, lease=lease, **ended, **values)


def _due(event: EpochResult | EpochProgress, orders: Orders, epochs: int) -> RunStatus | None:
    """Return the status in which to leave the run now, if the orders say so."""
    if orders.requested == "stop":
        return "stopped"
    if orders.requested == "pause":
        return "paused"
    if isinstance(event, EpochProgress):
        return None
    stepped = orders.requested == "step" or event.epoch + 1 >= orders.target_epochs
    return "paused" if stepped and event.epoch + 1 < epochs else None


def _too_long(max_run_s: float) -> str:
    return (
        f"Stopped at the limit of {max_run_s:g} seconds of training (MNIST_MAX_RUN_S). What it learnt so far is kept; "
        "use fewer epochs or a smaller network."
    )


def _versions(run: Run) -> dict[str, str]:
    """Return what could change a result: versions of libraries, and the processor's kernels in NumPy's BLAS."""
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    versions |= {
        pool["internal_api"]: f"{pool['version']} {pool.get('architecture', '')}".strip()
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    }
    return versions | keras_versions() if run.kind == "keras" else versions
