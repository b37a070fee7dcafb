"""The training loop: a generator that yields a record after each epoch.

Whoever iterates is in charge: pausing is not asking for the next record, stopping is leaving the loop.
"""

from functools import partial

from mnist_core.data.dataset import Dataset
from mnist_core.nn import MLP
from mnist_core.nn.optimizers import make_optimizer
from mnist_core.threads import Threads
from mnist_core.training.average import RunningAverage
from mnist_core.training.config import TrainingConfig
from mnist_core.training.iteration import EpochIterator, Events, PassStart
from mnist_core.training.measure import PROBE_ROWS, Probe, measure, penalty
from mnist_core.training.origin import origin_of
from mnist_core.training.parallel import Updates, make_sharing, make_source
from mnist_core.training.results import Checkpoint
from mnist_core.training.split import split_training
from mnist_core.training.streams import stream


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
        Continue from here. On the same number of threads, the result is bit-identical to that of a run that was never
        interrupted.
    threads
        Cores to use. Default: all that this process may use.

    Raises
    ------
    ValueError
        The config holds out all images, or the checkpoint belongs to another network or optimizer.
    """
    return Trainer(config, dataset, resume_from, threads)


class Trainer(EpochIterator):
    """One training run. Iterating yields an `EpochResult` after each epoch.

    Attributes
    ----------
    network
        The network, usable at any time, also before the first step: the running average where the config asks for one.
    """

    def __init__(
        self, config: TrainingConfig, dataset: Dataset, resume_from: Checkpoint | None, threads: int | None
    ) -> None:
        super().__init__(config)
        self._dataset = dataset
        self._split, self._validation = split_training(config, dataset)
        self._threads = Threads(threads)
        rng = stream(config.seed, "weights")
        self._trained = MLP(config.layer_sizes, config.activation, config.initializer, rng, config.dtype)
        self._optimizer = make_optimizer(config.optimizer, self._trained.weights, config.weight_decay, config.momentum)
        self.network = self._trained.copy() if config.ema else self._trained
        self._average = RunningAverage(config.ema, self.network.parameters) if config.ema else None
        if resume_from is not None:
            self._restore(resume_from)
        self._start_from(resume_from or self._make_checkpoint(0, 0.0))
        self._tell_origin()

    def _train(self) -> Events:
        config = self._config
        with self._threads:
            source, steps = make_source(config, self._split, self._threads)
            updates = Updates(config, self._optimizer, self._average, steps)
            sharing = make_sharing(self._trained, config, source, updates, self._threads)
            probe = Probe(self._trained, self._split.images[:PROBE_ROWS])
            for epoch in range(self._checkpoint.epochs_done, config.epochs):
                start = PassStart(self._elapsed_s(), probe.dead_shares(), penalty(config, self._trained.weights))
                tally = yield from self._pass_over_images(sharing.steps(epoch), epoch, len(self._split))
                tally.learning_rate, tally.gradient_norms = updates.learning_rate, updates.gradient_norms()
                self._end_if_due(tally, epoch)
                validation = measure(self.network, self._validation, self._threads)
                result = self._result(tally, epoch, start, validation)
                self._checkpoint = self._make_checkpoint(epoch + 1, result.elapsed_s)
                self._tell_origin()
                yield result
                if self.status == "diverged":
                    return

    def _make_checkpoint(self, epochs_done: int, elapsed_s: float) -> Checkpoint:
        return Checkpoint(
            epochs_done=epochs_done,
            parameters=self._trained.parameters.copy(),
            optimizer_state={name: array.copy() for name, array in self._optimizer.state.items()},
            average=self._average.vector.copy() if self._average else None,
            elapsed_s=elapsed_s,
        )

    def _tell_origin(self) -> None:
        """Let the network say where it comes from; only when it is asked, as the data set's fingerprint takes time."""
        done = self._checkpoint.epochs_done
        self.network.origin_of = partial(origin_of, self._config, self._dataset, self.status, done)

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
