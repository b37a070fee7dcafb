"""Proof that backpropagation is correct: compare its derivative with what a small change of a weight does to a cost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from mnist_core.nn.arrays import FloatArray


@dataclass(frozen=True)
class GradientCheck:
    """One number's derivative, from the formula and from measurement.

    Attributes
    ----------
    index
        Place in the flat vector.
    analytic, numeric
        The derivative from backpropagation and from central differences.
    """

    index: int
    analytic: float
    numeric: float

    @property
    def relative_error(self) -> float:
        """|analytic - numeric| / max(|analytic|, |numeric|, 1e-8), at most 2; 0 if both are 0."""
        return abs(self.analytic - self.numeric) / max(abs(self.analytic), abs(self.numeric), 1e-8)


def central_difference(function: Callable[[], float], vector: FloatArray, index: int, step: float = 1e-5) -> float:
    """Return (f(w + step) - f(w - step)) / (2 step), where `function` reads `vector`; error of order step^2.

    The vector must be float64: rounding in float32 would be larger than the difference.
    """
    if vector.dtype != np.float64:
        raise ValueError(f"vector: expected float64, received {vector.dtype}. Make the network with dtype='float64'.")
    value = vector[index]
    vector[index] = value + step
    above = function()
    vector[index] = value - step
    below = function()
    vector[index] = value
    return (above - below) / (2 * step)


def check_gradient(
    function: Callable[[], float], vector: FloatArray, gradient: FloatArray, indices: Iterable[int]
) -> list[GradientCheck]:
    """Compare `gradient`, flat as `vector`, with central differences of `function` at each of `indices`."""
    return [GradientCheck(i, float(gradient[i]), central_difference(function, vector, i)) for i in indices]
