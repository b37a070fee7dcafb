"""The network of this project, through its public interface."""

import numpy as np
from numpy.typing import NDArray

from mnist_core import MLP, Dataset, TrainingConfig, train
from mnist_core.data.dataset import Split
from mnist_core.nn.arrays import FloatArray
from mnist_core.training import Trainer


class Ours:
    """See `Peer`. It draws its weights and batches itself, from the config's seed: those the others are given."""

    version = f"NumPy {np.__version__}"

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def load(self, split: Split) -> None:
        """Wrap the training images as a data set."""
        self._dataset = Dataset("benchmark", "benchmark", train=split, test=split)

    def start(self, config: TrainingConfig, network: MLP) -> None:
        """Build a trainer."""
        self._network, self._config = network, config
        self._trainer: Trainer | None = None

    def prepare(self, order: NDArray[np.intp] | None) -> None:
        """Do nothing."""

    def epoch(self) -> None:
        """Ask for one record."""
        if self._trainer is None:
            self._trainer = train(self._config, self._dataset, threads=self._threads)
            self._network = self._trainer.network
        next(self._trainer)

    def arrays(self) -> list[FloatArray]:
        """Return the network's own views."""
        return [*self._network.kernels, *self._network.biases]

    def predict(self, x: FloatArray) -> NDArray[np.integer]:
        """Ask the network."""
        return self._network.predict(x)


def make(form: str, threads: int) -> Ours:
    """Return the contestant; there is one form."""
    return Ours(threads)
