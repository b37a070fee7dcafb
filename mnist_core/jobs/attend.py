"""What a worker does with any piece of work: claim it, do it under watch, and write down how it ended."""

import os
import socket
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from mnist_core.errors import StoreUnavailableError
from mnist_core.jobs.watch import Watch
from mnist_core.runs import RunStatus, RunStore
from mnist_core.runs.outages import retry
from mnist_core.runs.queue import Ticket, WorkQueue
from mnist_core.runs.rows import LeaseLostError

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What the engine tells a worker.

    Attributes
    ----------
    ticket
        Which work, and which handing-out of it: a worker that comes late finds that another has it.
    database_url
        Where the store is. It may hold a password, so it is never shown: Dask logs what it cannot compute.
    threads
        Cores to use; None divides the worker's machine by its own ``MNIST_WORKERS``.
    max_s
        Time after which the work is stopped.
    turn_s
        Time after which a run gives way if somebody else waits.
    patience_s
        For how long to wait where the store is locked, full or away.
    """

    ticket: Ticket
    database_url: str = field(repr=False)
    threads: int | None
    max_s: float
    turn_s: float = 5.0
    patience_s: float = 60.0

    def patiently(self, action: Callable[[], Result]) -> Result:
        """Do something with the store; while it is away, again and again, with growing pauses."""
        return retry(action, self.patience_s)


@dataclass(frozen=True, slots=True)
class Attendance:
    """A claimed piece of work: where it is written down, by which right, and who listens to what people ask."""

    store: RunStore
    queue: WorkQueue
    order: WorkOrder
    lease: str
    watch: Watch


def attend(order: WorkOrder, work: Callable[[Attendance], None]) -> None:
    """Do a piece of work. Whatever goes wrong in it, the store says so.

    Raises
    ------
    StoreUnavailableError
        The store has been away for too long. The work stays unfinished, to be handed out again.
    """
    store = order.patiently(lambda: open_store(order.database_url))
    queue, worker = WorkQueue(store), f"{socket.gethostname()}:{os.getpid()}"
    lease = order.patiently(lambda: queue.claim(order.ticket, worker))
    if lease is None:
        return
    try:
        with order.patiently(lambda: Watch(queue, order.ticket, lease)) as watch:
            work(Attendance(store, queue, order, lease, watch))
    except LeaseLostError:
        return
    except StoreUnavailableError:
        raise
    except Exception as error:  # whatever it is, the page must show it
        words = str(error) or f"The worker met an unexpected problem ({type(error).__name__})."
        end(order, queue, lease, "failed", error=words, traceback=traceback.format_exc())


def end(order: WorkOrder, queue: WorkQueue, lease: str, status: RunStatus, **values: object) -> None:
    """Note how the work ended, unless it was deleted or handed to another worker meanwhile."""
    with suppress(LeaseLostError):
        order.patiently(lambda: queue.end(order.ticket, lease, status, **values))


@cache
def open_store(url: str) -> RunStore:
    """Return this process's store, opened once."""
    return RunStore(url)
