"""A worker's link to the people who wait for it: it shows that the worker lives, and hears what they ask for."""

import logging
import threading
import time
from types import TracebackType
from typing import Self

from mnist_core.runs.queue import Orders, Ticket, WorkQueue
from mnist_core.runs.rows import LeaseLostError

_logger = logging.getLogger(__name__)
_LISTEN_EVERY_S = 0.25
_BEAT_EVERY_S = 1.0


class Watch:
    """Reads the orders and sends heartbeats from a thread of its own, whatever the training loop is busy with.

    Attributes
    ----------
    orders
        The newest orders.
    lost
        Whether the work was deleted or handed to another worker: leave it at once.
    """

    def __init__(self, queue: WorkQueue, ticket: Ticket, lease: str) -> None:
        self._queue, self._ticket, self._lease = queue, ticket, lease
        self.orders: Orders = queue.orders(ticket, lease)
        self.lost = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name=f"watch-{ticket.id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _listen(self) -> None:
        beat_due_at, is_away = 0.0, False
        while not self._ended.wait(_LISTEN_EVERY_S):
            try:
                self.orders = self._queue.orders(self._ticket, self._lease)
                if time.monotonic() >= beat_due_at:
                    self._queue.beat(self._ticket, self._lease)
                    beat_due_at = time.monotonic() + _BEAT_EVERY_S
                is_away = False
            except LeaseLostError:
                self.lost = True
                return
            except Exception:  # a database that is away for a moment must not end the watch; training has its own say
                if not is_away:
                    _logger.warning("The orders for %s cannot be read", self._ticket, exc_info=True)
                is_away = True
