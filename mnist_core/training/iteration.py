"""What every training loop shares: the iterator that yields its records, the clock, and the sums over an epoch."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from math import isfinite
from time import perf_counter
from typing import NamedTuple, Self

import numpy as np

from mnist_core.threads import one_blas_thread
from mnist_core.training.results import Checkpoint, EpochProgress, EpochResult, Status

PROGRESS_INTERVAL_S = 0.25

Events = Generator[EpochResult | EpochProgress, None, None]


class Measured(NamedTuple):
    """What some images of a batch measured on their way through the network."""

    cost_sum: float
    correct: int
    images: int


@dataclass
class Tally:
    """What the steps of an epoch measured, summed over their images; rate and norms are those of the last step."""

    cost_sum: float = 0.0
    correct: int = 0
    images: int = 0
    learning_rate: float = 0.0
    gradient_norms: tuple[float, ...] = ()

    def add(self, cost_sum: float, correct: int, images: int) -> None:
        """Take in some images, with their costs summed."""
        self.cost_sum += cost_sum
        self.correct += correct
        self.images += images

    @property
    def is_finite(self) -> bool:
        """Whether neither cost nor gradient has overflowed."""
        return isfinite(self.cost_sum) and all(isfinite(norm) for norm in self.gradient_norms)


class EpochIterator(ABC):
    """A training run as an iterator of `EpochResult`; a subclass trains in `_train`.

    Attributes
    ----------
    status
        "running", then "finished" or "diverged".
    message
        Why the run diverged, in words.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.status: Status = "running"
        self.message = ""
        self._checkpoint = checkpoint
        self._active_s, self._resumed_at = checkpoint.elapsed_s, 0.0
        self._events = self._train()

    @abstractmethod
    def _train(self) -> Events:
        """Yield a record after each epoch, and marks in long ones, keeping `_checkpoint` up to date."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> EpochResult:
        for event in self.events():
            if isinstance(event, EpochResult):
                return event
        raise StopIteration

    def events(self) -> Iterator[EpochResult | EpochProgress]:
        """Yield the same records, and between them marks, four a second, in epochs that take longer."""
        while True:
            self._resumed_at = perf_counter()
            with one_blas_thread(), np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                event = next(self._events, None)
            self._active_s = self._elapsed_s()
            if event is None:
                return
            yield event

    def checkpoint(self) -> Checkpoint:
        """Return what is needed to continue after the last finished epoch."""
        return self._checkpoint

    def _elapsed_s(self) -> float:
        """Return the training time so far; the time while nobody asks for the next record does not count."""
        return self._active_s + perf_counter() - self._resumed_at

    def _end_if_due(self, tally: Tally, epoch: int, epochs: int, learning_rate: float) -> None:
        """Set status and message after pass number `epoch` of `epochs`."""
        if not tally.is_finite:
            self.status = "diverged"
            what = "gradient" if isfinite(tally.cost_sum) else "cost"
            self.message = (
                f"The {what} became infinite or not a number in epoch {epoch}: the steps were too large. "
                f"Try a learning rate well below {learning_rate:g}."
            )
        elif epoch + 1 == epochs:
            self.status = "finished"

    def _result(
        self,
        tally: Tally,
        epoch: int,
        began_s: float,
        dead_shares: tuple[float, ...],
        validation: tuple[float | None, float | None],
    ) -> EpochResult:
        """Return the record of pass number `epoch`, which began at `began_s` of training time."""
        elapsed_s = self._elapsed_s()
        return EpochResult(
            epoch=epoch,
            cost=tally.cost_sum / tally.images,
            accuracy=tally.correct / tally.images,
            validation_cost=validation[0],
            validation_accuracy=validation[1],
            learning_rate=tally.learning_rate,
            gradient_norms=tally.gradient_norms,
            dead_shares=dead_shares,
            elapsed_s=elapsed_s,
            samples_per_s=tally.images / (elapsed_s - began_s),
        )
