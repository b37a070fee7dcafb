"""Measure a network without changing it: cost and accuracy on some images, and units that have died."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import Split
from mnist_core.nn import MLP
from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.nn.losses import cross_entropy
from mnist_core.nn.mlp import as_rows
from mnist_core.nn.parameters import Parameters
from mnist_core.threads import Threads
from mnist_core.training.config import TrainingConfig

_ROWS = 1000

# Enough to tell a dead unit from one that is rarely active, in half a millisecond.
PROBE_ROWS = 500


def measure(network: MLP, split: Split | None, threads: Threads) -> tuple[float | None, float | None]:
    """Return the mean cross-entropy and the accuracy, in [0, 1], on a split; (None, None) where there is none."""
    if split is None:
        return None, None
    images, labels = split.images, split.labels

    def measure_part(start: int) -> tuple[float, int]:
        part = slice(start, start + _ROWS)
        logits = network.logits(images[part])
        correct = int(np.count_nonzero(logits.argmax(axis=1) == labels[part]))
        return float(cross_entropy(logits, labels[part]).sum()), correct

    costs, correct = zip(*threads.map(measure_part, range(0, len(labels), _ROWS)), strict=True)
    return sum(costs) / len(labels), sum(correct) / len(labels)


def penalty(config: TrainingConfig, weights: Parameters) -> float:
    """Return the config's penalty of the weights: d / 2 * (sum of squares of all kernels)."""
    if not config.penalty:
        return 0.0
    kernels = weights.vector[: weights.kernel_count]
    return config.penalty / 2 * float(np.vdot(kernels, kernels))


class Probe:
    """Some training images on which to look for dead units: a ReLU that is 0 for all has no gradient to recover by.

    Parameters
    ----------
    network
        The network to look at; its weights are read again each time.
    images
        uint8 (n, 28, 28).
    """

    def __init__(self, network: MLP, images: NDArray[np.uint8]) -> None:
        self._network = network
        self._x = as_rows(images, network.dtype)
        self._pass = Backpropagation(network.layer_sizes, network.activation, len(images), network.dtype)

    def dead_shares(self) -> tuple[float, ...]:
        """Return for each hidden layer the share of ReLU units, in [0, 1], that give 0 for every image."""
        if self._network.activation != "relu":
            return ()
        self._pass.forward(self._x, self._network.kernels, self._network.biases)
        return tuple(float(1 - a.any(axis=0).mean()) for a in self._pass.a)
