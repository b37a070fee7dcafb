"""One flat vector for all kernels and biases, seen layer by layer.

An optimizer then updates a whole network in a few calls, a checkpoint is one array, and a copy is one assignment.
"""

from itertools import pairwise

import numpy as np

from mnist_core.nn.arrays import FloatArray

# What a network may have at most, wherever it comes from: a page's field, a command line or a file.
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
        Numbers in all kernels together: `vector[:kernel_count]` holds them, and weight decay applies to them alone.
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
    """Return how many kernels' and biases' numbers a network of these layers has."""
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(layer_sizes))
