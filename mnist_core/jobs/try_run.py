"""What a worker does with a try: train it for three seconds at most, and end it in one transaction."""

import time

from mnist_core.data import load_mnist
from mnist_core.jobs.attend import Attendance, end
from mnist_core.jobs.recorder import Recorder
from mnist_core.machine import available_cores
from mnist_core.runs import Run, RunStatus, weights_sha256
from mnist_core.runs.tries import BOUND_S, BOUNDED
from mnist_core.settings import settings
from mnist_core.training import Trainer, train


def run_try(attendance: Attendance, run: Run) -> None:
    """Train from the first weights, also where a worker died over it: that is quicker than going on."""
    threads = run.threads or attendance.order.threads or max(1, available_cores() // settings().workers)
    trainer = train(run.config, load_mnist(), threads=threads)
    recorder = Recorder(attendance, trainer)
    is_bounded = False
    began = time.monotonic()
    for event in trainer.events():
        recorder.record(event)
        if attendance.watch.lost:
            return
        if attendance.watch.orders.requested:
            recorder.checkpoint()
            end(attendance.order, attendance.queue, attendance.lease, "stopped")
            return
        if time.monotonic() - began > BOUND_S and trainer.status == "running":
            is_bounded = True
            break
    recorder.checkpoint()
    _finish(attendance, trainer, is_bounded)


def _finish(attendance: Attendance, trainer: Trainer, is_bounded: bool) -> None:
    values: dict[str, object] = {"weights_sha256": weights_sha256(trainer.network), "epoch_share": 0.0}
    status: RunStatus = "diverged" if trainer.status == "diverged" else "finished"
    values["error"] = BOUNDED if is_bounded else trainer.message
    end(attendance.order, attendance.queue, attendance.lease, status, **values)
