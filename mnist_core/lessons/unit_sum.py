"""One unit's number taken apart: which products it is the sum of, forwards and backwards."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mnist_core.lessons.one_update import OneUpdate
from mnist_core.nn.arrays import FloatArray

STRONGEST = 8


@dataclass(frozen=True, eq=False)
class Sum:
    """A sum of products, its strongest terms one by one.

    Attributes
    ----------
    terms
        Strongest first: `source` (index of the pixel or unit it comes from), `value`, `weight`, `product`.
    rest, rest_count
        What the other products add up to, and how many they are.
    bias
        Added to the products; 0 where there is none.
    total
        The sum, as the network computed it.
    """

    terms: pd.DataFrame
    rest: float
    rest_count: int
    bias: float
    total: float

    @property
    def products(self) -> float:
        """All products together, without the bias."""
        return float(self.terms["product"].sum()) + self.rest


def forward_sum(update: OneUpdate, layer: int, unit: int, strongest: int = STRONGEST) -> Sum:
    """Take z of a unit apart: inputs times weights, plus the bias. Layers count from 0."""
    values, weights = update.inputs(layer), update.before.kernels[layer][:, unit]
    bias, total = update.before.biases[layer][unit], update.z[layer][unit]
    return _sum(values, weights, float(bias), float(total), strongest)


@dataclass(frozen=True, eq=False)
class ChainRule:
    """How a hidden unit's derivative comes about.

    Attributes
    ----------
    d_a
        Derivative of the cost by the unit's activation: a sum over the units of the next layer.
    slope
        f'(z): how much the activation follows z.
    d_z
        Their product, the derivative by z, as the network computed it.
    """

    d_a: Sum
    slope: float
    d_z: float


def backward_sum(update: OneUpdate, layer: int, unit: int, strongest: int = STRONGEST) -> ChainRule:
    """Take d_z of a hidden unit apart: derivatives of the next layer times the weights to it, times the slope."""
    values, weights = update.d_z[layer + 1], update.before.kernels[layer + 1][unit]
    d_a = _sum(values, weights, 0.0, float(values @ weights), strongest)
    return ChainRule(d_a, float(update.slopes(layer)[unit]), float(update.d_z[layer][unit]))


def weight_gradients(update: OneUpdate, layer: int, unit: int, strongest: int = STRONGEST) -> pd.DataFrame:
    """Return the unit's weights with the largest gradients: `source`, `value` (input), `gradient`, `weight`, `step`."""
    gradient, weight = update.gradient.kernels[layer][:, unit], update.before.kernels[layer][:, unit]
    chosen = _largest(gradient, strongest)
    return pd.DataFrame(
        {
            "source": chosen,
            "value": update.inputs(layer)[chosen],
            "gradient": gradient[chosen],
            "weight": weight[chosen],
            "step": update.after.kernels[layer][chosen, unit] - weight[chosen],
        }
    )


def most_telling_unit(update: OneUpdate, layer: int) -> int:
    """Return the unit of a layer that the update moves most: the largest |d_z|."""
    return int(np.abs(update.d_z[layer]).argmax())


def _sum(values: FloatArray, weights: FloatArray, bias: float, total: float, strongest: int) -> Sum:
    products = values * weights
    chosen = _largest(products, strongest)
    terms = pd.DataFrame(
        {"source": chosen, "value": values[chosen], "weight": weights[chosen], "product": products[chosen]}
    )
    rest = np.delete(products, chosen)
    return Sum(terms, float(rest.sum()), len(rest), bias, total)


def _largest(values: FloatArray, count: int) -> NDArray[np.intp]:
    """Return where the `count` largest absolute values are, largest first; equal ones in their order."""
    return np.argsort(-np.abs(values), kind="stable")[:count]
