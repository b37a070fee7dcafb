"""What a worker writes while it trains: results in batches, checkpoints by the clock, snapshots at round epochs."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Protocol

from mnist_core.jobs.attend import Attendance
from mnist_core.nn import MLP
from mnist_core.runs.size import SNAPSHOT_MAX_PARAMETERS
from mnist_core.training.results import Checkpoint, EpochProgress, EpochResult, Point, Status

_FLUSH_EVERY_S = 0.25
_CHECKPOINT_EVERY_S = 1.0
# A large network's checkpoint takes long to write; then it is written less often, to cost at most 5 % of the time.
_CHECKPOINT_SHARE = 0.05


class Trainer(Protocol):
    """What `train` and its Keras twin return, as far as a worker needs it."""

    @property
    def network(self) -> MLP:
        """The network, usable at any time."""

    @property
    def status(self) -> Status:
        """How it goes."""

    @property
    def message(self) -> str:
        """Why it diverged, in words."""

    def events(self) -> Iterator[EpochResult | EpochProgress]:
        """Train, yielding results and marks."""

    def checkpoint(self) -> Checkpoint:
        """Return what is needed to continue after the last finished epoch."""


class Recorder:
    """Writes one run's progress to the store, patiently where it is away for a moment.

    Every write fails with LeaseLostError once the run is another's.
    """

    def __init__(self, attendance: Attendance, trainer: Trainer) -> None:
        self._store, self._lease, self._patiently = attendance.store, attendance.lease, attendance.order.patiently
        self._run_id, self._trainer = attendance.order.ticket.id, trainer
        self._saved: Checkpoint | None = None
        self._results: list[EpochResult] = []
        self._points: list[Point] = []
        self._share = 0.0
        self._flushed_at = self._checkpoint_due_at = 0.0

    def record(self, event: EpochResult | EpochProgress) -> None:
        """Take note of an event, and write what is due."""
        if isinstance(event, EpochProgress):
            self._share = event.share
            if event.point is not None:
                self._points.append(event.point)
        else:
            self._results.append(event)
            self._share = 0.0
            small = self._trainer.network.parameters.size <= SNAPSHOT_MAX_PARAMETERS
            if small and is_snapshot_epoch(event.epoch + 1):
                self.snapshot(event.epoch + 1)
        now = time.monotonic()
        if now >= self._checkpoint_due_at:
            self.checkpoint()
        elif now - self._flushed_at >= _FLUSH_EVERY_S:
            self._flush()

    def checkpoint(self) -> None:
        """Write everything now: the results first, so that the checkpoint is never ahead of them."""
        self._flush()
        began, checkpoint = time.monotonic(), self._trainer.checkpoint()
        if checkpoint is not self._saved:  # in a long epoch, the last one is still the newest
            self._patiently(lambda: self._store.save_checkpoint(self._run_id, checkpoint, lease=self._lease))
            self._saved = checkpoint
        ended = time.monotonic()
        self._checkpoint_due_at = ended + max(_CHECKPOINT_EVERY_S, (ended - began) / _CHECKPOINT_SHARE)

    def snapshot(self, epochs_done: int) -> None:
        """Keep the network as it is after `epochs_done` passes."""
        network = self._trainer.network
        self._patiently(lambda: self._store.save_snapshot(self._run_id, epochs_done, network, lease=self._lease))

    def _flush(self) -> None:
        write = partial(self._store.append_epochs, self._run_id, self._results, self._points)
        self._patiently(partial(write, lease=self._lease, epoch_share=self._share))
        self._results, self._points = [], []
        self._flushed_at = time.monotonic()


def is_snapshot_epoch(epochs_done: int) -> bool:
    """Tell whether the number is one of 0, 1, 2, 5, 10, 20, 50, 100 ..."""
    return str(epochs_done).rstrip("0") in {"", "1", "2", "5"}
