"""The training loop: a generator that yields a record after each epoch.

Whoever iterates is in charge: pausing is not asking for the next record, stopping is leaving the loop.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from math import isfinite
from time import perf_counter
from typing import Self

import numpy as np

from mnist_core.data.dataset import Dataset
from mnist_core.nn import MLP
from mnist_core.nn.optimizers import make_optimizer
from mnist_core.nn.parameters import Parameters
from mnist_core.nn.schedules import learning_rate_at
from mnist_core.threads import Threads, one_blas_thread
from mnist_core.training.average import RunningAverage
from mnist_core.training.config import TrainingConfig
from mnist_core.training.gradient import BatchGradients
from mnist_core.training.measure import Probe, measure
from mnist_core.training.results import Checkpoint, EpochProgress, EpochResult, Status
from mnist_core.training.sources import make_source
from mnist_core.training.split import split_training
from mnist_core.training.streams import stream

_PROBE_ROWS = 500
_PROGRESS_INTERVAL_S = 0.25

Events = Generator[EpochResult | EpochProgress, None, None]


def train(
    config: TrainingConfig, dataset: Dataset, resume_from: Checkpoint | None = None, *, threads: int | None = None
) -> "Trainer":
    """Return an iterator that trains a network, one epoch for each record asked for.

    Parameters
    ----------
    config
        The recipe.
    dataset
        Its training split is learnt from; its test split is not touched.
    resume_from
        Continue from here, on as many threads bit-identically to a run that was never interrupted.
    threads
        Cores to use; default: all that this process may use.

    Raises
    ------
    ValueError
        The config holds out all the images there are, or the checkpoint is of another network or optimizer.
    """
    return Trainer(config, dataset, resume_from, threads)


class Trainer:
    """One training run. Iterating yields an `EpochResult` after each epoch.

    Attributes
    ----------
    network
        The network, usable at any time, also before the first step: the running average where the config asks for one.
    status
        "running", then "finished" or "diverged".
    message
        Why the run diverged, in words.
    """

    def __init__(
        self, config: TrainingConfig, dataset: Dataset, resume_from: Checkpoint | None, threads: int | None
    ) -> None:
        # model_copy does not validate, so a config may come here with values out of bounds.
        self._config = config = TrainingConfig.model_validate(config.model_dump())
        self.status: Status = "running"
        self.message = ""
        self._split, self._validation = split_training(config, dataset)
        rng = stream(config.seed, "weights")
        self._trained = MLP(config.layer_sizes, config.activation, config.initializer, rng, config.dtype)
        self._optimizer = make_optimizer(config.optimizer, self._trained.weights, config.weight_decay, config.momentum)
        self.network = self._trained.copy() if config.ema else self._trained
        self._average = RunningAverage(config.ema, self.network.parameters) if config.ema else None
        if resume_from is not None:
            self._restore(resume_from)
        self._checkpoint = resume_from or self._make_checkpoint(0, 0.0)
        self._active_s, self._resumed_at = self._checkpoint.elapsed_s, 0.0
        self._threads = Threads(threads)
        self._events = self._train()

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

    def _train(self) -> Events:
        with self._threads:
            source, block_rows, steps = make_source(self._config, self._split, self._threads)
            batches = BatchGradients(self._trained, self._config, source, block_rows, self._threads)
            probe = Probe(self._trained, self._split.images[:_PROBE_ROWS])
            for epoch in range(self._checkpoint.epochs_done, self._config.epochs):
                began_s, dead = self._elapsed_s(), probe.dead_shares()
                tally = yield from self._pass_over_images(batches, epoch, steps)
                self._end_if_diverged(epoch, tally)
                result = self._result(epoch, tally, dead, began_s)
                self._checkpoint = self._make_checkpoint(epoch + 1, result.elapsed_s)
                if epoch + 1 == self._config.epochs and self.status == "running":
                    self.status = "finished"
                yield result
                if self.status == "diverged":
                    return

    def _pass_over_images(
        self, batches: BatchGradients, epoch: int, steps: int
    ) -> Generator[EpochProgress, None, "_Tally"]:
        """Take the steps of one epoch, marking progress, and return what they measured."""
        config, tally, marked_s = self._config, _Tally(), self._elapsed_s()
        step = epoch * steps
        for piece in batches.pieces(epoch):
            tally.cost_sum += piece.cost_sum
            tally.correct += piece.correct
            tally.images += piece.images
            if piece.gradient is not None:
                tally.learning_rate = learning_rate_at(
                    config.schedule, config.learning_rate, step, steps * config.epochs
                )
                step += 1
                if step == (epoch + 1) * steps:
                    tally.gradient_norms = _kernel_norms(piece.gradient)
                self._optimizer.step(piece.gradient.vector, tally.learning_rate)
                if self._average is not None:
                    self._average.update(self._trained.parameters, step)
            if not isfinite(tally.cost_sum):
                break
            if self._elapsed_s() - marked_s >= _PROGRESS_INTERVAL_S:
                marked_s = self._elapsed_s()
                yield EpochProgress(epoch, tally.images / len(self._split))
        return tally

    def _end_if_diverged(self, epoch: int, tally: "_Tally") -> None:
        if isfinite(tally.cost_sum) and all(isfinite(norm) for norm in tally.gradient_norms):
            return
        self.status = "diverged"
        what = "gradient" if isfinite(tally.cost_sum) else "cost"
        self.message = (
            f"The {what} became infinite or not a number in epoch {epoch}: the steps were too large. "
            f"Try a learning rate well below {self._config.learning_rate:g}."
        )

    def _result(self, epoch: int, tally: "_Tally", dead: tuple[float, ...], began_s: float) -> EpochResult:
        validation: tuple[float | None, float | None] = (None, None)
        pass_s = self._elapsed_s() - began_s
        if self._validation is not None:
            validation = measure(self.network, self._validation.images, self._validation.labels, self._threads)
        return EpochResult(
            epoch=epoch,
            cost=tally.cost_sum / tally.images,
            accuracy=tally.correct / tally.images,
            validation_cost=validation[0],
            validation_accuracy=validation[1],
            learning_rate=tally.learning_rate,
            gradient_norms=tally.gradient_norms,
            dead_shares=dead,
            elapsed_s=self._elapsed_s(),
            samples_per_s=tally.images / pass_s,
        )

    def _elapsed_s(self) -> float:
        """Return the training time so far; the time while nobody asks for the next record does not count."""
        return self._active_s + perf_counter() - self._resumed_at

    def _make_checkpoint(self, epochs_done: int, elapsed_s: float) -> Checkpoint:
        return Checkpoint(
            epochs_done=epochs_done,
            parameters=self._trained.parameters.copy(),
            optimizer_state={name: array.copy() for name, array in self._optimizer.state.items()},
            average=self._average.vector.copy() if self._average else None,
            elapsed_s=elapsed_s,
        )

    def _restore(self, checkpoint: Checkpoint) -> None:
        expected = {name: array.shape for name, array in self._optimizer.state.items()}
        found = {name: array.shape for name, array in checkpoint.optimizer_state.items()}
        if checkpoint.parameters.shape != self._trained.parameters.shape or found != expected:
            raise ValueError(
                f"resume_from: expected {self._trained.parameters.size} parameters and optimizer state {expected}, "
                f"received {checkpoint.parameters.size} and {found}. Resume with the config the checkpoint came from."
            )
        self._trained.parameters[:] = checkpoint.parameters
        self._optimizer.restore(checkpoint.optimizer_state)
        if self._average is not None:
            self._average.vector[:] = checkpoint.parameters if checkpoint.average is None else checkpoint.average


@dataclass
class _Tally:
    """Sums over one epoch."""

    cost_sum: float = 0.0
    correct: int = 0
    images: int = 0
    learning_rate: float = 0.0
    gradient_norms: tuple[float, ...] = ()


def _kernel_norms(gradient: Parameters) -> tuple[float, ...]:
    return tuple(float(np.linalg.norm(kernel)) for kernel in gradient.kernels)
