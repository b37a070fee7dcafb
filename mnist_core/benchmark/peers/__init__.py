"""The other libraries behind one interface, a file each (Keras: `mnist_core.keras_twin.peer`)."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import Split
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.training import TrainingConfig


class Peer(Protocol):
    """A library that can train the network of a config from given weights. Each call returns when its work is done.

    Attributes
    ----------
    version
        The library's name and version.
    """

    version: str

    def load(self, split: Split) -> None:
        """Take the training images, in whatever form suits the library. Not timed."""

    def start(self, config: TrainingConfig, network: MLP) -> None:
        """Build a model with the weights of `network` and a fresh optimizer. Not timed."""

    def prepare(self, order: NDArray[np.intp] | None) -> None:
        """Take the order of the next epoch's images, shape (n,); None with full batches, where it is free. Not timed.

        A library whose training call takes its images in the given order may gather them here, to its advantage.
        """

    def epoch(self) -> None:
        """Train for one epoch: the measured part."""

    def arrays(self) -> list[FloatArray]:
        """Return all kernels, of shape (fan_in, fan_out), and then all biases."""

    def predict(self, x: FloatArray) -> NDArray[np.integer]:
        """Return the class of each image; `x` has shape (n, 784) and values in [0, 1]. A measured part, too."""
