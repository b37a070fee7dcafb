"""Check single derivatives of an update against measurement: nudge one number, and see what the cost does."""

from collections.abc import Callable, Sequence

import numpy as np

from mnist_core.lessons.one_update import OneUpdate, image_cost
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.gradient_check import GradientCheck, central_difference

# From coarse to fine. Coarse steps miss the curve's bend (or cross ReLU's kink), fine ones drown in rounding.
NUDGES = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
_RATIO_SQUARED = 100.0
# Of the largest derivative of a kernel or bias. Much smaller ones drown in the rounding of the cost when measured.
_SMALLEST_DRAWN = 1e-3
# Of the cost: a change by so little, or less, cannot be measured to six digits in float64.
_MEASURABLE = 1e-6


def check_update(update: OneUpdate, indices: Sequence[int]) -> list[GradientCheck]:
    """Compare the update's gradient with measured differences of the cost, at places of the flat vector."""
    network = update.before.copy()

    def cost() -> float:
        return image_cost(network, update.x, update.label)

    gradient = update.gradient.vector
    return [GradientCheck(i, float(gradient[i]), measured_slope(cost, network.parameters, i)) for i in indices]


def is_measurable(update: OneUpdate, check: GradientCheck) -> bool:
    """Whether a derivative is large enough beside the cost for measurement to confirm six of its digits."""
    return abs(check.analytic) >= _MEASURABLE * update.cost


def measured_slope(function: Callable[[], float], vector: FloatArray, index: int) -> float:
    """Measure a derivative as well as float64 allows: central differences of several widths, extrapolated to none.

    The error of a central difference is about c * width^2, so two widths tell c (Richardson 1911). Of all pairs, the
    one is taken that agrees best with the next finer pair (after Ridders 1982), allowing for that one's rounding; the
    derivative from backpropagation plays no part in that choice.
    """
    slopes = np.array([central_difference(function, vector, index, nudge) for nudge in NUDGES])
    extrapolated = (_RATIO_SQUARED * slopes[1:] - slopes[:-1]) / (_RATIO_SQUARED - 1)
    rounding = np.finfo(float).eps * abs(function()) / np.array(NUDGES[2:])
    best = (np.abs(np.diff(extrapolated)) + rounding).argmin()
    return float(extrapolated[best + 1])


def telling_indices(update: OneUpdate, part: FloatArray, count: int, seed: int) -> list[int]:
    """Choose places of the flat vector: the largest derivatives of `part`, then as many others drawn from the rest.

    Parameters
    ----------
    part
        A kernel or bias of `update.gradient`, that is, a view into its vector.
    count
        Of each kind; fewer where there are fewer. Derivatives below a thousandth of the largest are not drawn; where
        all are 0, any are.
    seed
        Of the draw.
    """
    flat = np.abs(part.ravel())
    order = np.argsort(-flat, kind="stable")
    order = order[: np.count_nonzero(flat >= _SMALLEST_DRAWN * flat.max())]
    largest, others = order[:count], order[count:]
    drawn = np.random.default_rng(seed).choice(others, min(count, len(others)), replace=False)
    return [start_of(update, part) + int(i) for i in (*largest, *drawn)]


def start_of(update: OneUpdate, part: FloatArray) -> int:
    """Return where a kernel or bias of `update.gradient` begins in the flat vector."""
    vector = update.gradient.vector
    return (part.__array_interface__["data"][0] - vector.__array_interface__["data"][0]) // vector.itemsize
