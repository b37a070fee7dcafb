"""Where learning starts: random kernels of the right size, so that signals neither die out nor explode."""

from collections.abc import Callable

import numpy as np

from mnist_core.nn.arrays import FloatArray


def he_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
    """Draw a (fan_in, fan_out) float64 kernel from N(0, 2 / fan_in) (He et al. 2015, eq. 10).

    ReLU passes on half of the variance; the 2 makes up for it. Not truncated, unlike Keras's HeNormal: a Keras twin
    copies these weights rather than share a seed.
    """
    return rng.normal(0.0, np.sqrt(2.0 / fan_in), size=(fan_in, fan_out))


def glorot_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
    """Draw a (fan_in, fan_out) float64 kernel from U(-r, r), r = sqrt(6 / (fan_in + fan_out)) (Glorot 2010, eq. 16).

    Made for tanh: it keeps the variance of the signals forwards and of the gradients backwards.
    """
    limit = np.sqrt(6.0 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def zeros(fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
    """Return a (fan_in, fan_out) float64 kernel of zeros. Hidden layers learn nothing from it, which is a lesson."""
    return np.zeros((fan_in, fan_out))


Initializer = Callable[[int, int, np.random.Generator], FloatArray]
INITIALIZERS: dict[str, Initializer] = {"he_normal": he_normal, "glorot_uniform": glorot_uniform, "zeros": zeros}
