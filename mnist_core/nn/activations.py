"""What a hidden unit does with its weighted sum z, and the way back.

Each activation is a pair of functions that write into arrays they are given: `forward(z, out)` computes a = f(z), and
`backward(a, d_a, out)` computes d_z = d_a * f'(z). All three derivatives can be computed from a alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mnist_core.nn.arrays import FloatArray


@lru_cache(maxsize=32)
def _zeros(shape: tuple[int, ...], dtype: np.dtype) -> FloatArray:
    """Keep an array of zeros: NumPy compares two arrays 5 times faster than an array with the number 0."""
    zeros = np.zeros(shape, dtype)
    zeros.flags.writeable = False
    return zeros


def relu(z: FloatArray, out: FloatArray) -> None:
    """Write max(z, 0) into `out`."""
    np.maximum(z, _zeros(z.shape, z.dtype), out=out)


def relu_backward(a: FloatArray, d_a: FloatArray, out: FloatArray) -> None:
    """Write d_a where the unit was active (a > 0) and 0 elsewhere into `out`."""
    np.multiply(d_a, a > 0, out=out)


def tanh(z: FloatArray, out: FloatArray) -> None:
    """Write the hyperbolic tangent of z into `out`."""
    np.tanh(z, out=out)


def tanh_backward(a: FloatArray, d_a: FloatArray, out: FloatArray) -> None:
    """Write d_a * (1 - a^2) into `out`."""
    np.multiply(d_a, 1 - a * a, out=out)


def sigmoid(z: FloatArray, out: FloatArray) -> None:
    """Write 1 / (1 + exp(-z)) into `out`, as (1 + tanh(z / 2)) / 2, which no z can make overflow."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1
    out *= 0.5


def sigmoid_backward(a: FloatArray, d_a: FloatArray, out: FloatArray) -> None:
    """Write d_a * a * (1 - a) into `out`: at most a quarter of d_a, which is why it vanishes over many layers."""
    np.multiply(d_a, a * (1 - a), out=out)


@dataclass(frozen=True)
class Activation:
    """A function of the weighted sums and the way back through it."""

    forward: Callable[[FloatArray, FloatArray], None]
    backward: Callable[[FloatArray, FloatArray, FloatArray], None]


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(relu, relu_backward),
    "tanh": Activation(tanh, tanh_backward),
    "sigmoid": Activation(sigmoid, sigmoid_backward),
}
