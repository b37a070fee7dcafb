"""A thread of the server that hands waiting runs to free workers and sees to it that the cluster is there.

The queue is in the store, not in Dask: it survives everything, keeps its order, and several servers may serve it.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Mapping

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from mnist_core.jobs.connection import Connection, connect
from mnist_core.jobs.tasks import Task, TaskOrder, TaskState, run_task, write_state
from mnist_core.jobs.worker import WorkOrder, train_run
from mnist_core.machine import available_cores
from mnist_core.runs import RunStore
from mnist_core.runs.queue import RunQueue, Waiting
from mnist_core.settings import Settings

_TICK_S = 1.0
_NO_WORKERS = "No worker is ready just now. Runs start as soon as one is."
_logger = logging.getLogger(__name__)


class Dispatcher:
    """Runs until closed. `wake` makes it look at the queue now instead of within a second.

    Attributes
    ----------
    problem
        Why no worker can be reached just now, in words, or "".
    """

    def __init__(self, store: RunStore, settings: Settings, tasks: Mapping[str, Task]) -> None:
        self._store, self._queue, self._settings, self._known_tasks = store, RunQueue(store), settings, tasks
        self.problem = ""
        self._connection: Connection | None = None
        self._runs: dict[Waiting, Future] = {}
        self._tasks: dict[TaskOrder, Future | None] = {}
        self._closing, self._woken = False, threading.Event()
        self._thread = threading.Thread(target=self._work, name="dispatcher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now."""
        self._woken.set()

    def add_task(self, order: TaskOrder) -> None:
        """Compute a task as soon as a worker is free, unless it is under way."""
        if order in self._tasks:
            return
        write_state(self._store, order.task, order.run_id, TaskState("queued"))
        self._tasks[order] = None
        self.wake()

    def close(self) -> None:
        """End the thread and a local cluster. The runs under way can be taken over at once."""
        self._closing = True
        self.wake()
        self._thread.join()

    def _work(self) -> None:
        while not self._closing:
            try:
                self._tick()
            except Exception as error:
                words = str(error) or type(error).__name__
                if words != self.problem:
                    _logger.warning("No run can be started: %s", words, exc_info=True)
                self.problem = words
            self._woken.wait(_TICK_S)
            self._woken.clear()
        self._disconnect()

    def _tick(self) -> None:
        if self._connection is not None and not self._connection.is_alive():
            self._disconnect()
        if self._connection is None:
            self._connection = connect(self._settings)
        self._collect()
        self._queue.hold(self._runs.keys())
        self._hand_out(self._connection.client)

    def _disconnect(self) -> None:
        """Forget the cluster. What it had in hand can be handed out again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._queue.release(self._runs.keys())
        self._runs.clear()
        for order in [*self._tasks]:
            self._tasks[order] = None

    def _collect(self) -> None:
        """Forget futures that are done. One that failed has killed its workers, or never reached one."""
        for run, future in [*self._runs.items()]:
            if future.done():
                del self._runs[run]
                if future.status == "error":
                    self._queue.fail(run, _words(future), "".join(traceback.format_exception(future.exception())))
                else:
                    self._queue.release([run])  # matters only where the scheduler lost it
        for order, done in [*self._tasks.items()]:
            if done is not None and done.done():
                del self._tasks[order]
                if done.status == "error":
                    write_state(self._store, order.task, order.run_id, TaskState("failed", 0.0, _words(done)))

    def _hand_out(self, client: Client) -> None:
        """Give tasks, which are short, and then runs to the workers that are free."""
        tasks, runs = [order for order, future in self._tasks.items() if future is None], self._queue.waiting()
        if not tasks and not runs:
            self.problem = ""
            return
        slots = sum(client.nthreads().values())
        self.problem = "" if slots else _NO_WORKERS
        free = max(0, slots - len(self._runs) - len(self._tasks) + len(tasks))
        for order in tasks[:free]:
            self._tasks[order] = self._submit(client, run_task, order, self._known_tasks[order.task])
        for run in runs[: max(0, free - len(tasks))]:
            taken = self._queue.take(run)
            if taken is not None:
                self._runs[taken] = self._submit(client, train_run, self._work_order(taken))

    def _work_order(self, run: Waiting) -> WorkOrder:
        is_local = self._settings.scheduler_address is None
        threads = max(1, available_cores() // self._settings.workers) if is_local else None
        return WorkOrder(run, self._store.url, threads, self._settings.max_run_s)

    def _submit(self, client: Client, function: Callable[..., None], *args: object) -> Future:
        future = client.submit(function, *args, pure=False)
        future.add_done_callback(lambda _: self.wake())
        return future


def _words(future: Future) -> str:
    error = future.exception()
    if isinstance(error, KilledWorker):
        return (
            "Several worker processes died over this run, one after the other; most likely they ran out of memory. "
            "Try a smaller network or smaller batches."
        )
    return f"The run could not be given to a worker: {error}"
