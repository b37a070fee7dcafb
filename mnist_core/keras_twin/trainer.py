"""The training loop of the twin: the same records as the NumPy loop's, from the same weights and batches."""

from collections.abc import Generator, Iterator
from math import isfinite
from time import perf_counter
from typing import Self

import numpy as np

from mnist_core.data.dataset import Dataset
from mnist_core.keras_twin.backend import keras, use_threads
from mnist_core.keras_twin.batches import make_batches
from mnist_core.keras_twin.build import build_model
from mnist_core.keras_twin.step import CompiledStep, kernel_norms
from mnist_core.keras_twin.tally import Tally
from mnist_core.keras_twin.weights import read_state, read_vector, write_state, write_vector
from mnist_core.nn import MLP
from mnist_core.nn.schedules import learning_rate_at
from mnist_core.threads import Threads, one_blas_thread
from mnist_core.training.average import RunningAverage
from mnist_core.training.config import TrainingConfig
from mnist_core.training.measure import Probe, measure
from mnist_core.training.results import Checkpoint, EpochProgress, EpochResult, Status
from mnist_core.training.split import split_training
from mnist_core.training.streams import stream

_PROBE_ROWS = 500
_PROGRESS_INTERVAL_S = 0.25


class KerasTrainer:
    """One training run in Keras, with the interface of `mnist_core.training.Trainer`.

    Attributes
    ----------
    network
        The weights after the last finished epoch, as a network in NumPy: the running average where the config asks
        for one.
    model
        Keras's model.
    status, message
        As of `Trainer`.
    """

    def __init__(
        self,
        config: TrainingConfig,
        dataset: Dataset,
        resume_from: Checkpoint | None,
        *,
        threads: int | None = None,
        initial: MLP | None = None,
    ) -> None:
        self._config = config = TrainingConfig.model_validate(config.model_dump())
        self.status: Status = "running"
        self.message = ""
        self._split, self._validation = split_training(config, dataset)
        self._threads = Threads(threads)
        use_threads(self._threads.count)
        self._sizes = config.layer_sizes
        self.model = build_model(config)
        self._step = CompiledStep(self.model, config)
        self._trained = initial.copy() if initial else _initial_network(config)
        self._load(self._trained.parameters)
        self.network = self._trained.copy() if config.ema else self._trained
        self._average = RunningAverage(config.ema, self.network.parameters) if config.ema else None
        if resume_from is not None:
            self._restore(resume_from)
        self._checkpoint = resume_from or self._make_checkpoint(0, 0.0)
        self._active_s, self._resumed_at = self._checkpoint.elapsed_s, 0.0
        self._events = self._train()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> EpochResult:
        for event in self.events():
            if isinstance(event, EpochResult):
                return event
        raise StopIteration

    def events(self) -> Iterator[EpochResult | EpochProgress]:
        """Yield the records, and marks four a second in epochs that take longer; as of `Trainer`."""
        while True:
            self._resumed_at = perf_counter()
            with one_blas_thread(), np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                event = next(self._events, None)
            self._active_s = self._elapsed_s()
            if event is None:
                return
            yield event

    def checkpoint(self) -> Checkpoint:
        """Return what is needed to continue after the last finished epoch; the NumPy loop could too."""
        return self._checkpoint

    def _train(self) -> Generator[EpochResult | EpochProgress, None, None]:
        with self._threads:
            source = make_batches(self._config, self._split, self._threads)
            probe = Probe(self._trained, self._split.images[:_PROBE_ROWS])
            for epoch in range(self._checkpoint.epochs_done, self._config.epochs):
                began_s, dead = self._elapsed_s(), probe.dead_shares()
                self._seed_dropout(epoch)
                tally = yield from self._pass_over_images(source.batches(epoch), epoch, source.steps)
                self._trained.parameters[:] = self._read()
                self._end_if_due(epoch, tally)
                result = self._result(epoch, tally, dead, began_s)
                self._checkpoint = self._make_checkpoint(epoch + 1, result.elapsed_s)
                yield result
                if self.status != "running":
                    return

    def _pass_over_images(
        self, batches: Iterator[tuple[object, object]], epoch: int, steps: int
    ) -> Generator[EpochProgress, None, Tally]:
        """Take the steps of one epoch, marking progress, and return what they measured."""
        config, tally, marked_s = self._config, Tally(), self._elapsed_s()
        for step, (x, labels) in enumerate(batches, epoch * steps):
            rate = learning_rate_at(config.schedule, config.learning_rate, step, steps * config.epochs)
            measured = self._step(x, labels, rate)
            tally.add(measured.cost, measured.correct, len(labels), rate)  # type: ignore[arg-type] # a tensor
            if step + 1 == (epoch + 1) * steps:
                tally.gradient_norms = kernel_norms(measured.gradients)
            if self._average is not None:
                self._average.update(self._read(), step + 1)
            if not isfinite(tally.cost_sum):
                break
            if self._elapsed_s() - marked_s >= _PROGRESS_INTERVAL_S and step + 1 < (epoch + 1) * steps:
                marked_s = self._elapsed_s()
                yield EpochProgress(epoch, tally.images / len(self._split))
        return tally

    def _end_if_due(self, epoch: int, tally: Tally) -> None:
        if not tally.is_finite:
            self.status = "diverged"
            self.message = (
                f"The cost or its gradient became infinite or not a number in epoch {epoch}: the steps were too "
                f"large. Try a learning rate well below {self._config.learning_rate:g}."
            )
        elif epoch + 1 == self._config.epochs:
            self.status = "finished"

    def _result(self, epoch: int, tally: Tally, dead: tuple[float, ...], began_s: float) -> EpochResult:
        pass_s = self._elapsed_s() - began_s
        held: tuple[float | None, float | None] = (None, None)
        if self._validation is not None:
            held = measure(self.network, self._validation.images, self._validation.labels, self._threads)
        return EpochResult(
            epoch=epoch,
            cost=tally.cost_sum / tally.images,
            accuracy=tally.correct / tally.images,
            validation_cost=held[0],
            validation_accuracy=held[1],
            learning_rate=tally.learning_rate,
            gradient_norms=tally.gradient_norms,
            dead_shares=dead,
            elapsed_s=self._elapsed_s(),
            samples_per_s=tally.images / pass_s,
        )

    def _elapsed_s(self) -> float:
        return self._active_s + perf_counter() - self._resumed_at

    def _read(self) -> np.ndarray:
        return read_vector(self.model.trainable_variables, self._sizes, self._config.dtype)

    def _load(self, parameters: np.ndarray) -> None:
        if parameters.size != self.model.count_params():
            raise ValueError(
                f"initial: expected {self.model.count_params()} parameters for layers {self._sizes}, "
                f"received {parameters.size}. Use the config of that network."
            )
        write_vector(parameters.astype(self._config.dtype), self.model.trainable_variables, self._sizes)

    def _make_checkpoint(self, epochs_done: int, elapsed_s: float) -> Checkpoint:
        return Checkpoint(
            epochs_done=epochs_done,
            parameters=self._read(),
            optimizer_state=read_state(self._step.optimizer, self._sizes, self._config.dtype),
            average=self._average.vector.copy() if self._average else None,
            elapsed_s=elapsed_s,
        )

    def _restore(self, checkpoint: Checkpoint) -> None:
        expected = sorted(read_state(self._step.optimizer, self._sizes, self._config.dtype))
        found = sorted(checkpoint.optimizer_state)
        if checkpoint.parameters.size != self.model.count_params() or found != expected:
            raise ValueError(
                f"resume_from: expected {self.model.count_params()} parameters and optimizer state {expected}, "
                f"received {checkpoint.parameters.size} and {found}. Resume with the config the checkpoint came from."
            )
        self._load(checkpoint.parameters)
        write_state(checkpoint.optimizer_state, self._step.optimizer, self._sizes)
        self._trained.parameters[:] = checkpoint.parameters
        if self._average is not None:
            self._average.vector[:] = checkpoint.parameters if checkpoint.average is None else checkpoint.average

    def _seed_dropout(self, epoch: int) -> None:
        """Begin each epoch's masks from the seed and the epoch, so that a resumed run draws the same."""
        for number, layer in enumerate(self.model.layers):
            if isinstance(layer, keras.layers.Dropout):
                layer.seed_generator.state.assign([(self._config.seed + number) % 2**32, epoch * 2**16])


def _initial_network(config: TrainingConfig) -> MLP:
    """Return the network that the NumPy run starts from."""
    rng = stream(config.seed, "weights")
    return MLP(config.layer_sizes, config.activation, config.initializer, rng, config.dtype)
