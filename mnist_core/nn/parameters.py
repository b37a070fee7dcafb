"""One flat vector for all kernels and biases, seen layer by layer.

An optimizer then updates a whole network in a few calls, a checkpoint is one array, and a copy is one assignment.
"""

from itertools import pairwise

import numpy as np

from mnist_core.nn.arrays import FloatArray

# The most that a network may have, wherever it comes from: a form, the command line or a file.
MAX_UNITS = 8192
MAX_HIDDEN_LAYERS = 16
MAX_PARAMETERS = 32_000_000


class Parameters:
    """A vector of zeros with views: all kernels first, then all biases.

    Attributes
    ----------
    vector
        Shape (parameter_count,).
    kernels, biases
        Views of shape (fan_in, fan_out) and (fan_out,), one a layer.
    kernel_count
        How many numbers all kernels have together: `vector[:kernel_count]`, to which alone weight decay applies.
    """

    def __init__(self, layer_sizes: tuple[int, ...], dtype: np.typing.DTypeLike) -> None:
        shapes = list(pairwise(layer_sizes))
        self.kernel_count = sum(fan_in * fan_out for fan_in, fan_out in shapes)
        self.vector: FloatArray = np.zeros(self.kernel_count + sum(layer_sizes[1:]), dtype)
        kernel_ends = np.cumsum([fan_in * fan_out for fan_in, fan_out in shapes])
        bias_ends = self.kernel_count + np.cumsum(layer_sizes[1:])
        self.kernels = [
            part.reshape(shape) for part, shape in zip(np.split(self.vector, kernel_ends), shapes, strict=False)
        ]
        self.biases = np.split(self.vector[self.kernel_count :], bias_ends[:-1] - self.kernel_count)


def count_parameters(layer_sizes: tuple[int, ...]) -> int:
    """Return how many weights and biases a network with these layers has."""
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(layer_sizes))
