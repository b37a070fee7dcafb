"""Things to compute about a run, in a worker, once: each a function, its result an artifact of the run.

Add a task as a function of (store, run_id, progress) that returns the artifact's bytes and calls `progress` with the
share done, in [0, 1], a few times a second: this is also where it is told to stop. Enter it in `TASKS` under the
artifact's kind.
"""

import time
from collections.abc import Callable, Mapping
from functools import partial

from mnist_core.data import load_mnist
from mnist_core.jobs.attend import Attendance, WorkOrder, attend, end
from mnist_core.keras_twin import time_fit
from mnist_core.keras_twin.times import FIT_EPOCHS, FitTimes
from mnist_core.machine import available_cores, processor
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.rows import LeaseLostError
from mnist_core.runs.tasks import TaskStore

Progress = Callable[[float], None]
Task = Callable[[RunStore, str, Progress], bytes]

_WRITE_EVERY_S = 0.5


def robustness(store: RunStore, run_id: str, progress: Progress) -> bytes:
    """Measure a run's network on distorted test images; `evaluation.robustness.read_table` reads the result."""
    from mnist_core.evaluation.robustness import measure_robustness, table_bytes  # noqa: PLC0415 - imports SciPy

    return table_bytes(measure_robustness(store.network(run_id, who=OPERATOR), load_mnist().test, progress))


def keras_fit(store: RunStore, run_id: str, progress: Progress) -> bytes:
    """Time `model.fit` on a run's recipe and threads; the result is a `keras_twin.times.FitTimes`."""
    run = store.get(run_id, who=OPERATOR)
    threads = run.threads or available_cores()
    epoch_s = time_fit(run.config, load_mnist(), FIT_EPOCHS, threads, progress)
    return FitTimes(epoch_s, processor(), threads).to_bytes()


TASKS: Mapping[str, Task] = {"robustness": robustness, "keras_fit": keras_fit}
NEED_KERAS = frozenset({"keras_fit"})


class TaskStoppedError(RuntimeError):
    """A task was cancelled, or took too long."""


def run_task(order: WorkOrder, known: Mapping[str, Task]) -> None:
    """Compute a task and keep its result, or what went wrong."""
    attend(order, partial(_compute, known))


def _compute(known: Mapping[str, Task], attendance: Attendance) -> None:
    tasks, ticket, lease = TaskStore(attendance.store), attendance.order.ticket, attendance.lease
    run_id, name = attendance.order.patiently(lambda: tasks.subject(ticket.id))
    try:
        content = known[name](attendance.store, run_id, _Reporter(attendance))
    except TaskStoppedError as stopped:
        end(attendance.order, attendance.queue, lease, "stopped", error=str(stopped))
    else:
        attendance.order.patiently(lambda: tasks.finish(ticket.id, lease, content))


class _Reporter:
    """Writes how far a task is, and ends it where it is to stop."""

    def __init__(self, attendance: Attendance) -> None:
        self._attendance, self._began, self._written_at = attendance, time.monotonic(), 0.0

    def __call__(self, share: float) -> None:
        now, attendance, order = time.monotonic(), self._attendance, self._attendance.order
        if attendance.watch.lost:
            raise LeaseLostError(f"The task {order.ticket.id} was deleted or handed to another worker.")
        if attendance.watch.orders.requested == "stop":
            raise TaskStoppedError("")
        if now - self._began > order.max_s:
            raise TaskStoppedError(f"Stopped at the limit of {order.max_s:g} seconds (MNIST_MAX_TASK_S).")
        if now - self._written_at >= _WRITE_EVERY_S:
            order.patiently(lambda: attendance.queue.beat(order.ticket, attendance.lease, share=share))
            self._written_at = now
