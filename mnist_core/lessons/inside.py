"""What goes on inside a network while it reads one image: every unit's answer, and what a unit's answer is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.data import Dataset, Split
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.mlp import as_rows
from mnist_core.nn.saliency import hidden_activations
from mnist_core.training.config import TrainingConfig
from mnist_core.training.split import MOST_HELD_OUT, held_out


def activations(network: MLP, images: NDArray[np.uint8]) -> list[FloatArray]:
    """Return every layer's answers to some images, from the pixels to the probabilities.

    Parameters
    ----------
    images
        uint8 (n, 28, 28) or (n, 784).

    Returns
    -------
    list
        Ink in [0, 1], shape (n, 784); each hidden layer's activations, shape (n, units); probabilities, (n, classes).
    """
    ink = as_rows(images, network.dtype, network.layer_sizes[0])
    return [ink, *hidden_activations(network, images), network.predict_proba(images)]


def strongest_units(network: MLP, layers: list[FloatArray], most: int) -> list[NDArray[np.intp]]:
    """Return for each hidden layer, ascending, the units that move the next layer most for the first image.

    Parameters
    ----------
    layers
        As `activations` returns them.
    most
        Of a layer.
    """
    chosen = []
    for answers, onwards in zip(layers[1:-1], network.kernels[1:], strict=True):
        effect = np.abs(answers[0]) * np.linalg.norm(onwards, axis=1)
        chosen.append(np.sort(np.argsort(-effect, kind="stable")[:most]))
    return chosen


def steady(before: Sequence[int], strongest: NDArray[np.intp], chosen: int | None = None) -> NDArray[np.intp]:
    """Return the strongest units of a layer, each in the place in which it was before, as far as it was there.

    So a picture that is drawn again and again does not shuffle them.

    Parameters
    ----------
    before
        The units that were drawn, in their order. Of another number, they are ignored.
    chosen
        A unit that keeps its place even where it is no longer among the strongest.
    """
    if len(before) != len(strongest):
        return strongest
    newcomers = iter(np.setdiff1d(strongest, before))
    return np.array([unit if unit in strongest or unit == chosen else next(newcomers) for unit in before], np.intp)


@dataclass(frozen=True, eq=False)
class UnitSum:
    """One unit's answer to one image, taken apart.

    Attributes
    ----------
    inputs, weights
        What comes in and what it is multiplied by: the pixels' ink, or the units of the layer before; shape (fan_in,).
    bias
        Added to the products.
    z
        The sum; `inputs @ weights + bias`.
    answer
        What the unit makes of it: the activation, or the probability of a class.
    """

    inputs: FloatArray
    weights: FloatArray
    bias: float
    z: float
    answer: float

    @property
    def products(self) -> FloatArray:
        """The terms of the sum, shape (fan_in,)."""
        return self.inputs * self.weights


def unit_sum(network: MLP, layers: list[FloatArray], layer: int, unit: int) -> UnitSum:
    """Take the answer of a unit to the first image apart. Layer 1 is the first hidden one, the last has the classes."""
    inputs, weights = layers[layer - 1][0], network.kernels[layer - 1][:, unit]
    bias = network.biases[layer - 1][unit]
    return UnitSum(inputs, weights, float(bias), float(inputs @ weights + bias), float(layers[layer][0, unit]))


def most_exciting(layers: list[FloatArray], layer: int, unit: int, count: int) -> NDArray[np.intp]:
    """Return which of many images excite a unit most, most first. `layers` as `activations` returns them."""
    return np.argsort(-layers[layer][:, unit], kind="stable")[:count]


def images_to_excite(config: TrainingConfig | None, dataset: Dataset) -> tuple[Split, str]:
    """Return at most 10,000 training images to look for the exciting ones in, and in words which they are.

    They are those that `config` does not learn from; where it learns from all of them, or is not known, the last ones.
    """
    unlearnt = None if config is None else held_out(config, dataset)
    if unlearnt:
        return unlearnt, f"{len(unlearnt):,} images that the network has not learnt from"
    last = Split(dataset.train.images[-MOST_HELD_OUT:], dataset.train.labels[-MOST_HELD_OUT:])
    return last, f"{len(last):,} training images"
