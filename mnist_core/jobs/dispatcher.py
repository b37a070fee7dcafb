"""A thread of the server that hands waiting work to free workers and sees to it that the cluster is there.

The queue is in the store, not in Dask: it survives everything, keeps its order, and several servers may serve it.
"""

import logging
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Mapping

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from mnist_core.cluster.lanes import LANES
from mnist_core.cluster.parcel import deliver, pack
from mnist_core.jobs.attend import WorkOrder
from mnist_core.jobs.connection import Connection, connect
from mnist_core.jobs.health import WorkerHealth, workers_of
from mnist_core.jobs.tasks import Task, run_task
from mnist_core.jobs.worker import train_run
from mnist_core.machine import available_cores
from mnist_core.runs import RunStore
from mnist_core.runs.queue import Ticket, WorkQueue
from mnist_core.settings import Settings

_TICK_S = 1.0
_HOLD_EVERY_S = 0.5
_ANY = "any"
_NO_WORKERS = "No worker is ready just now. Work starts as soon as one is."
_logger = logging.getLogger(__name__)


class Dispatcher:
    """Runs until closed. `wake` makes it look at the queue now instead of within a second.

    Attributes
    ----------
    problem
        Why no worker can be reached just now, in words, or "".
    """

    def __init__(self, store: RunStore, settings: Settings, tasks: Mapping[str, Task]) -> None:
        self._queue, self._url, self._settings, self._tasks = WorkQueue(store), store.url, settings, tasks
        self.problem = ""
        # Workers that somebody else started have no lanes, but threads for anything.
        self._has_lanes = settings.scheduler_address is None
        self._connection: Connection | None = None
        self._in_hand: dict[Ticket, Future] = {}
        self._held_at = 0.0
        self._closing, self._woken = False, threading.Event()
        self._thread = threading.Thread(target=self._work, name="dispatcher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now."""
        self._woken.set()

    def workers(self) -> tuple[WorkerHealth, ...]:
        """Return how each worker is; none while no scheduler can be reached."""
        connection = self._connection
        return () if connection is None else workers_of(connection.client)

    def close(self) -> None:
        """End the thread and a local cluster. The work under way can be taken over at once."""
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
                    _logger.warning("No work can be started: %s", words, exc_info=True)
                self.problem = words
            self._woken.wait(_TICK_S)
            self._woken.clear()
        try:
            self._disconnect(self._queue.release)
        except Exception:
            _logger.warning("The work under way could not be released; others take over in seconds", exc_info=True)

    def _tick(self) -> None:
        if self._connection is not None and not self._connection.is_alive():
            self._disconnect(self._queue.lose)
        if self._connection is None:
            self._connection = connect(self._settings)
        self._collect()
        if time.monotonic() - self._held_at >= _HOLD_EVERY_S:
            self._queue.hold(self._in_hand.keys())
            self._held_at = time.monotonic()
        self._hand_out(self._connection.client)

    def _disconnect(self, give_back: Callable[[Collection[Ticket]], None]) -> None:
        """Forget the cluster, and give back what it had in hand, so that it can be handed out again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        tickets = [*self._in_hand]
        self._in_hand.clear()
        give_back(tickets)

    def _collect(self) -> None:
        """Forget futures that are done. One that failed has killed its workers, or could not reach the store."""
        for ticket, future in [*self._in_hand.items()]:
            if not future.done():
                continue
            if future.status == "error":
                error = future.exception()
                self._queue.fail(ticket, _words(error), "".join(traceback.format_exception(error)))
            else:
                self._queue.release([ticket])  # matters only where the scheduler lost it
            del self._in_hand[ticket]

    def _hand_out(self, client: Client) -> None:
        """Give what waits to the workers that are free."""
        waiting = self._queue.waiting()
        slots = self._slots(client) if waiting else Counter()
        self.problem = _NO_WORKERS if waiting and not slots else ""
        free = slots - Counter(self._lane(ticket) for ticket in self._in_hand)
        for ticket in waiting:
            lane = self._lane(ticket)
            if not free[lane]:
                continue
            taken = self._queue.take(ticket)
            if taken is not None:
                free[lane] -= 1
                self._in_hand[taken] = self._submit(client, taken)

    def _slots(self, client: Client) -> Counter[str]:
        """Return how many pieces of work there can be at a time in each lane."""
        threads = client.nthreads()
        if self._has_lanes:
            return Counter({lane: len(threads) for lane in LANES if threads})
        return Counter({_ANY: sum(threads.values())} if threads else {})

    def _lane(self, ticket: Ticket) -> str:
        return ticket.lane if self._has_lanes else _ANY

    def _submit(self, client: Client, ticket: Ticket) -> Future:
        settings = self._settings
        max_s = settings.max_run_s if ticket.kind == "run" else settings.max_task_s
        order = WorkOrder(ticket, self._url, threads_of_a_worker(settings), max_s, settings.turn_s)
        parcel = pack(train_run, order) if ticket.kind == "run" else pack(run_task, order, self._tasks)
        future = client.submit(deliver, parcel, pure=False, resources={ticket.lane: 1} if self._has_lanes else None)
        future.add_done_callback(lambda _: self.wake())
        return future


def threads_of_a_worker(settings: Settings) -> int | None:
    """Return this machine's share of cores for each worker of a local cluster; None leaves it to another's workers."""
    return max(1, available_cores() // settings.workers) if settings.scheduler_address is None else None


def _words(error: BaseException) -> str:
    if isinstance(error, KilledWorker):
        return (
            "Several worker processes died over this, one after the other; most likely they ran out of memory. "
            "Try a smaller network or smaller batches."
        )
    return f"No worker could do this: {error}"
