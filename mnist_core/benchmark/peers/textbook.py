"""Backpropagation as a textbook writes it in NumPy, in float32, a new array for each result. Full batches only."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import CLASSES, Split
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.mlp import as_rows
from mnist_core.training import TrainingConfig


class Textbook:
    """See `Peer`. NumPy's BLAS uses all cores by itself."""

    version = f"NumPy {np.__version__}"

    def load(self, split: Split) -> None:
        """Make float32 rows and one-hot targets."""
        self._x = as_rows(split.images, np.dtype(np.float32))
        self._targets = np.eye(CLASSES, dtype=np.float32)[split.labels]

    def start(self, config: TrainingConfig, network: MLP) -> None:
        """Copy the weights."""
        self._rate = np.float32(config.learning_rate)
        self._kernels = [kernel.copy() for kernel in network.kernels]
        self._biases = [bias.copy() for bias in network.biases]

    def prepare(self, order: NDArray[np.intp] | None) -> None:
        """Do nothing."""

    def epoch(self) -> None:
        """Go forwards, backwards, and take the step."""
        inputs = [self._x]
        for kernel, bias in zip(self._kernels[:-1], self._biases[:-1], strict=True):
            inputs.append(np.maximum(0, inputs[-1] @ kernel + bias))
        logits = inputs[-1] @ self._kernels[-1] + self._biases[-1]
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
        d_z = (probabilities - self._targets) / np.float32(len(self._x))
        for layer in reversed(range(len(self._kernels))):
            kernel_gradient, bias_gradient = inputs[layer].T @ d_z, d_z.sum(axis=0)
            if layer:
                d_z = (d_z @ self._kernels[layer].T) * (inputs[layer] > 0)
            self._kernels[layer] -= self._rate * kernel_gradient
            self._biases[layer] -= self._rate * bias_gradient

    def arrays(self) -> list[FloatArray]:
        """Return the weights."""
        return [*self._kernels, *self._biases]

    def predict(self, x: FloatArray) -> NDArray[np.integer]:
        """Go forwards."""
        for kernel, bias in zip(self._kernels[:-1], self._biases[:-1], strict=True):
            x = np.maximum(0, x @ kernel + bias)
        return (x @ self._kernels[-1] + self._biases[-1]).argmax(axis=1)


def make(form: str, threads: int) -> Textbook:
    """Return the contestant; there is one form."""
    return Textbook()
