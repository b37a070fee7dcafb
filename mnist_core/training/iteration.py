"""What every training loop shares: the iterator that yields its records, and the clock."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from math import isfinite
from time import perf_counter
from typing import NamedTuple, Self

import numpy as np

from mnist_core.nn.losses import Measured
from mnist_core.threads import one_blas_thread
from mnist_core.training.config import USUAL_RATE, TrainingConfig
from mnist_core.training.results import Checkpoint, EpochProgress, EpochResult, Status
from mnist_core.training.tally import Points, Tally, points_of_a_pass

PROGRESS_INTERVAL_S = 0.25

Events = Generator[EpochResult | EpochProgress, None, None]


class PassStart(NamedTuple):
    """What a pass begins with: training time so far, and the weights' dead shares and penalty."""

    elapsed_s: float
    dead_shares: tuple[float, ...]
    penalty: float


class EpochIterator(ABC):
    """A training run as an iterator of `EpochResult`; a subclass trains in `_train`.

    Attributes
    ----------
    status
        "running", then "finished" or "diverged".
    message
        Why the run diverged, in words.
    """

    def __init__(self, config: TrainingConfig) -> None:
        # model_copy does not validate, so the values of a config that arrives here may be out of bounds.
        self._config = TrainingConfig.model_validate(config.model_dump())
        self.status: Status = "running"
        self.message = ""
        self._events = self._train()

    def _start_from(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        self._active_s, self._resumed_at = checkpoint.elapsed_s, 0.0

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
        """Yield the same records, and marks between them: four a second, and where a short run has a point."""
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
        """Return the training time so far; time in which nobody asks for the next record does not count."""
        return self._active_s + perf_counter() - self._resumed_at

    def _pass_over_images(
        self, steps: Iterator[Measured], epoch: int, images: int
    ) -> Generator[EpochProgress, None, Tally]:
        """Take the steps of a pass over the images, marking progress, and return what they measured."""
        tally, points = Tally(), Points(epoch, images, points_of_a_pass(self._config, images))
        marked_s = self._elapsed_s()
        for measured in steps:
            tally.add(measured)
            if not isfinite(tally.cost):
                break
            is_point = tally.images >= points.due
            if is_point or (self._elapsed_s() - marked_s >= PROGRESS_INTERVAL_S and tally.images < images):
                marked_s = self._elapsed_s()
                yield EpochProgress(epoch, tally.images / images, points.take(tally) if is_point else None)
        return tally

    def _end_if_due(self, tally: Tally, epoch: int) -> None:
        """Set status and message after pass number `epoch`."""
        if not tally.is_finite:
            self.status = "diverged"
            what = "gradient" if isfinite(tally.cost) else "cost"
            self.message = (
                f"The {what} overflowed in pass {epoch + 1} over the training images: the steps were too large. "
                f"Try a learning rate well below {self._config.learning_rate:g}{_usual(self._config)}."
            )
        elif epoch + 1 == self._config.epochs:
            self.status = "finished"

    def _result(
        self,
        tally: Tally,
        epoch: int,
        start: PassStart,
        validation: tuple[float | None, float | None],
    ) -> EpochResult:
        """Return the record of pass number `epoch`."""
        elapsed_s = self._elapsed_s()
        return EpochResult(
            epoch=epoch,
            cost=tally.cost / tally.images,
            accuracy=tally.correct / tally.images,
            validation_cost=validation[0],
            validation_accuracy=validation[1],
            learning_rate=tally.learning_rate,
            gradient_norms=tally.gradient_norms,
            dead_shares=start.dead_shares,
            elapsed_s=elapsed_s,
            samples_per_s=tally.images / (elapsed_s - start.elapsed_s),
            objective=self._objective(tally, start),
        )

    def _objective(self, tally: Tally, start: PassStart) -> float | None:
        """Return the mean objective of a pass, or None where it is the cost."""
        if not (self._config.label_smoothing or self._config.penalty):
            return None
        return tally.objective / tally.images + start.penalty


def _usual(config: TrainingConfig) -> str:
    """Name the optimizer's usual rate, where it is smaller than the one that was too large."""
    usual = USUAL_RATE[config.optimizer]
    return f"; {usual:g} is usual for {config.optimizer}" if config.learning_rate > usual else ""
