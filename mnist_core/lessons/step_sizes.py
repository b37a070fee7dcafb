"""What one step does to the cost, for every length of the step along the same gradient."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mnist_core.data.dataset import Split
from mnist_core.lessons.one_update import OneUpdate, image_cost, in_float64
from mnist_core.nn import MLP
from mnist_core.nn.losses import cross_entropy
from mnist_core.nn.optimizers import GradientDescent
from mnist_core.nn.parameters import Parameters

LEARNING_RATES: tuple[float, ...] = tuple(float(f"{rate:.2g}") for rate in np.geomspace(1e-4, 100, 25))
CROWD = 100


def image_curve(update: OneUpdate, crowd: Split) -> pd.DataFrame:
    """Step along one image's gradient: `learning_rate`, `image` (its cost) and `others` (mean cost of `crowd`)."""
    rows = []
    for rate, network in _steps(update.before, update.gradient.vector):
        cost = image_cost(network, update.x, update.label)
        rows.append({"learning_rate": rate, "image": cost, "others": mean_cost(network, crowd)})
    return pd.DataFrame(rows)


def batch_curve(network: MLP, batch: Split) -> pd.DataFrame:
    """Step along the gradient of a batch's mean cost: `learning_rate` and `cost`, of the same images."""
    start = in_float64(network)
    gradient = batch_gradient(start, batch)
    rows = [
        {"learning_rate": rate, "cost": mean_cost(stepped, batch)} for rate, stepped in _steps(start, gradient.vector)
    ]
    return pd.DataFrame(rows)


def batch_gradient(network: MLP, batch: Split) -> Parameters:
    """Return the derivative of the batch's mean cost by each kernel and bias."""
    _, kernels, biases = network.loss_and_gradients(batch.images, batch.labels)
    gradient = Parameters(network.layer_sizes, network.dtype)
    for view, array in zip([*gradient.kernels, *gradient.biases], [*kernels, *biases], strict=True):
        view[:] = array
    return gradient


def mean_cost(network: MLP, split: Split) -> float:
    """Return the mean cross-entropy of some images."""
    return float(cross_entropy(network.logits(split.images), split.labels).mean())


def first(split: Split, count: int = CROWD) -> Split:
    """Return the first images of a split."""
    return Split(split.images[:count], split.labels[:count])


def _steps(start: MLP, gradient: NDArray[np.floating]) -> Iterator[tuple[float, MLP]]:
    """Yield each learning rate with the network that one step of gradient descent gives; always the same object."""
    stepped = start.copy()
    optimizer = GradientDescent(stepped.weights)
    for rate in LEARNING_RATES:
        stepped.parameters[:] = start.parameters
        optimizer.step(gradient.copy(), rate)
        yield rate, stepped
