"""The training loop of the twin: the same records as the NumPy loop's, from the same weights and batches."""

from collections.abc import Iterator

import numpy as np

from mnist_core.data.dataset import Dataset
from mnist_core.keras_twin.backend import keras, use_threads
from mnist_core.keras_twin.batches import Batch, make_batches
from mnist_core.keras_twin.build import build_model
from mnist_core.keras_twin.step import CompiledStep, kernel_norms
from mnist_core.keras_twin.weights import read_state, read_vector, write_state, write_vector
from mnist_core.nn import MLP
from mnist_core.nn.losses import Measured
from mnist_core.nn.schedules import learning_rate_at
from mnist_core.threads import Threads
from mnist_core.training.average import RunningAverage
from mnist_core.training.config import TrainingConfig
from mnist_core.training.iteration import EpochIterator, Events, PassStart
from mnist_core.training.measure import PROBE_ROWS, Probe, measure, penalty
from mnist_core.training.results import Checkpoint
from mnist_core.training.split import split_training
from mnist_core.training.streams import stream


class KerasTrainer(EpochIterator):
    """One training run in Keras, with the interface of `mnist_core.training.Trainer`.

    Attributes
    ----------
    network
        The weights after the last finished epoch, as a network in NumPy: the running average where the config asks
        for one.
    model
        Keras's model.
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
        super().__init__(config)
        self._split, self._validation = split_training(config, dataset)
        self._threads = Threads(threads)
        use_threads(self._threads.count)
        self._sizes = config.layer_sizes
        self.model = build_model(config)
        self._step = CompiledStep(self.model, config)
        # Rate and gradient norms of a pass's last step; none if the run diverged before.
        self._last_step: tuple[float, tuple[float, ...]] = config.learning_rate, ()
        self._trained = initial.copy() if initial else _initial_network(config)
        self._load(self._trained.parameters)
        self.network = self._trained.copy() if config.ema else self._trained
        self._average = RunningAverage(config.ema, self.network.parameters) if config.ema else None
        if resume_from is not None:
            self._restore(resume_from)
        self._start_from(resume_from or self._make_checkpoint(0, 0.0))

    def _train(self) -> Events:
        config = self._config
        with self._threads:
            source = make_batches(config, self._split, self._threads)
            probe = Probe(self._trained, self._split.images[:PROBE_ROWS])
            for epoch in range(self._checkpoint.epochs_done, config.epochs):
                start = PassStart(self._elapsed_s(), probe.dead_shares(), penalty(config, self._trained.weights))
                self._seed_dropout(epoch)
                steps = self._steps(source.batches(epoch), epoch, source.steps)
                tally = yield from self._pass_over_images(steps, epoch, len(self._split))
                tally.learning_rate, tally.gradient_norms = self._last_step
                self._trained.parameters[:] = self._read()
                self._end_if_due(tally, epoch)
                validation = measure(self.network, self._validation, self._threads)
                result = self._result(tally, epoch, start, validation)
                self._checkpoint = self._make_checkpoint(epoch + 1, result.elapsed_s)
                yield result
                if self.status != "running":
                    return

    def _steps(self, batches: Iterator[Batch], epoch: int, steps: int) -> Iterator[Measured]:
        """Take the steps of a pass, yielding what each batch measured."""
        config = self._config
        for step, (x, labels) in enumerate(batches, epoch * steps):
            rate = learning_rate_at(config.schedule, config.learning_rate, step, steps * config.epochs)
            measured, gradients = self._step(x, labels, rate)
            is_last = step + 1 == (epoch + 1) * steps
            self._last_step = rate, kernel_norms(gradients) if is_last else ()
            if self._average is not None:
                self._average.update(self._read(), step + 1)
            yield measured

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
