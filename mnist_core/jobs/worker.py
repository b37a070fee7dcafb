"""What a worker does with a run: claim it, train it from its last checkpoint, write down all that happens."""

import platform
import time
from dataclasses import replace
from functools import partial

import numpy as np
from threadpoolctl import threadpool_info

from mnist_core.data import Dataset, load_mnist
from mnist_core.jobs.attend import Attendance, WorkOrder, attend, end, open_store
from mnist_core.jobs.overflow import BLOWN_UP, overflows
from mnist_core.jobs.recorder import Recorder, Trainer
from mnist_core.jobs.try_run import run_try
from mnist_core.keras_twin import train_twin
from mnist_core.keras_twin import versions as keras_versions
from mnist_core.keras_twin.lockstep import Lockstep
from mnist_core.machine import available_cores
from mnist_core.nn import MLP
from mnist_core.nn.calibration import fit_temperature
from mnist_core.runs import OPERATOR, Run, RunStatus, weights_sha256
from mnist_core.runs.queue import Orders, WorkQueue
from mnist_core.settings import settings
from mnist_core.training import EpochProgress, EpochResult, TrainingConfig, train
from mnist_core.training.results import Checkpoint
from mnist_core.training.split import held_out


def train_run(order: WorkOrder) -> None:
    """Train a run until it ends, or is to pause or stop. Nothing is returned: the store says it all.

    After the NumPy run of a pair, its Keras run follows at once, so that both have the same worker.
    """
    attend(order, _train)
    queue = WorkQueue(open_store(order.database_url))
    follower = order.patiently(lambda: queue.follower(order.ticket.id))
    if follower is not None:
        attend(replace(order, ticket=follower), _train)


def _train(attendance: Attendance) -> None:
    run = attendance.order.patiently(lambda: attendance.store.get(attendance.order.ticket.id, who=OPERATOR))
    if run.purpose == "try":
        run_try(attendance, run)
    else:
        _Training(attendance, run).run()


class _Training:
    """One execution of one run."""

    def __init__(self, attendance: Attendance, run: Run) -> None:
        self._store, self._queue, self._watch = attendance.store, attendance.queue, attendance.watch
        self._attendance, self._order, self._lease = attendance, attendance.order, attendance.lease
        self._run = run

    def run(self) -> None:
        dataset = load_mnist()
        checkpoint = self._order.patiently(lambda: self._store.load_checkpoint(self._run.id, who=OPERATOR))
        self._check_same_data(dataset)
        # The same threads again: they decide in which order sums are taken, and so the last bit of the weights.
        threads = self._run.threads or self._order.threads or max(1, available_cores() // settings().workers)
        self._note(dataset, threads)
        trainer = self._trainer(dataset, checkpoint, threads)
        recorder = Recorder(self._attendance, trainer)
        if checkpoint is None:
            recorder.snapshot(0)
            recorder.checkpoint()
        if self._train(trainer, recorder, checkpoint.elapsed_s if checkpoint else 0.0):
            self._finish(trainer, recorder, dataset)

    def _trainer(self, dataset: Dataset, checkpoint: Checkpoint | None, threads: int) -> Trainer:
        run = self._run
        begin = train_twin if run.kind == "keras" else train
        trainer = begin(run.config, dataset, resume_from=checkpoint, threads=threads)
        if run.kind == "numpy" or run.pair_id is None:
            return trainer
        kept = self._order.patiently(lambda: self._store.load_artifact(run.id, "differences", who=OPERATOR))
        return Lockstep(trainer, train(run.config, dataset, threads=threads), kept, self._save_differences)

    def _save_differences(self, content: bytes) -> None:
        save = partial(self._store.save_artifact, self._run.id, "differences", content, lease=self._lease)
        self._order.patiently(save)

    def _train(self, trainer: Trainer, recorder: Recorder, elapsed_s: float) -> bool:
        """Train to the end; False if the run was left before."""
        turn_began = time.monotonic()
        began = turn_began - elapsed_s
        for event in trainer.events():
            recorder.record(event)
            if self._watch.lost:
                return False
            if time.monotonic() - began > self._order.max_s:
                recorder.checkpoint()
                self._end("stopped", {"error": _too_long(self._order.max_s)})
                return False
            orders = self._watch.orders
            status = _due(event, orders, self._run.config.epochs)
            if status and self._leave(recorder, orders, status):
                return False
            is_over = isinstance(event, EpochResult) and time.monotonic() - turn_began > self._order.turn_s
            if is_over and orders.others_wait and self._may_give_way() and self._leave(recorder, orders, "queued"):
                return False
        return True

    def _may_give_way(self) -> bool:
        """Tell whether to begin again costs little: TensorFlow takes longer to start than most turns last."""
        return self._run.kind == "numpy" and self._run.pair_id is None

    def _leave(self, recorder: Recorder, orders: Orders, status: RunStatus) -> bool:
        recorder.checkpoint()
        values: dict[str, object] = {"status": status, "epoch_share": 0.0}
        return self._order.patiently(lambda: self._queue.leave(self._order.ticket, self._lease, orders, values))

    def _finish(self, trainer: Trainer, recorder: Recorder, dataset: Dataset) -> None:
        recorder.checkpoint()
        recorder.snapshot(trainer.checkpoint().epochs_done)
        values: dict[str, object] = {"weights_sha256": weights_sha256(trainer.network)}
        if trainer.status == "diverged":
            self._end("diverged", values | {"error": trainer.message})
            return
        if overflows(trainer.network, dataset.train):
            self._end("diverged", values | {"error": BLOWN_UP})
            return
        test = dataset.test
        correct = int(np.count_nonzero(trainer.network.predict(test.images) == test.labels))
        score = {"test_accuracy": correct / len(test), "test_correct": correct, "test_count": len(test)}
        self._end(
            "finished", values | score | {"temperature": _temperature(trainer.network, self._run.config, dataset)}
        )

    def _check_same_data(self, dataset: Dataset) -> None:
        expected = self._run.dataset_fingerprint
        if expected and expected != dataset.fingerprint:
            raise ValueError(
                f"The run began with the data set {self._run.dataset_name} ({expected[:12]}), but the worker now has "
                f"{dataset.name} ({dataset.fingerprint[:12]}). Set MNIST_DATA_DIR back, or start a new run."
            )

    def _note(self, dataset: Dataset, threads: int) -> None:
        noted = {"dataset_name": dataset.name, "dataset_fingerprint": dataset.fingerprint, "threads": threads}
        noted |= {"versions": _versions(self._run)}
        self._order.patiently(lambda: self._store.update(self._run.id, lease=self._lease, **noted))

    def _end(self, status: RunStatus, values: dict[str, object]) -> None:
        end(self._order, self._queue, self._lease, status, epoch_share=0.0, **values)


def _temperature(network: MLP, config: TrainingConfig, dataset: Dataset) -> float | None:
    """Return the network's temperature, from images that it did not learn from; None where there are none."""
    unlearnt = held_out(config, dataset)
    return fit_temperature(network.logits(unlearnt.images), unlearnt.labels) if len(unlearnt) else None


def _due(event: EpochResult | EpochProgress, orders: Orders, epochs: int) -> RunStatus | None:
    """Return the status in which to leave the run now, if the orders say so."""
    if orders.requested == "stop":
        return "stopped"
    if orders.requested == "pause":
        return "paused"
    if isinstance(event, EpochProgress):
        return None
    stepped = orders.requested == "step" or event.epoch + 1 >= (orders.target_epochs or epochs)
    return "paused" if stepped and event.epoch + 1 < epochs else None


def _too_long(max_s: float) -> str:
    return (
        f"Stopped at the limit of {max_s:g} seconds of training (MNIST_MAX_RUN_S). What it learnt so far is kept; "
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
