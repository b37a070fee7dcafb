"""What a lesson measures: gradients layer by layer, and units that have died."""

import numpy as np
import pandas as pd

from mnist_core.data.dataset import Split
from mnist_core.lessons.catalogue import LESSONS, first_network, one_step
from mnist_core.lessons.one_update import in_float64
from mnist_core.lessons.step_sizes import batch_gradient
from mnist_core.nn import MLP
from mnist_core.nn.saliency import hidden_activations


def gradient_sizes(network: MLP, batch: Split) -> list[float]:
    """Return for each kernel the root mean square of its gradient, of the batch's mean cost, first layer first."""
    gradient = batch_gradient(in_float64(network), batch)
    return [float(np.sqrt(np.square(kernel).mean())) for kernel in gradient.kernels]


def compare_gradients(key: str, batch: Split) -> pd.DataFrame:
    """Return `layer` (from 1), `lesson` and `remedy`: gradient sizes of a lesson's network and of the healthy one."""
    lesson = LESSONS[key]
    sizes = {name: gradient_sizes(first_network(getattr(lesson, part)), batch) for name, part in _PARTS.items()}
    return pd.DataFrame({"layer": range(1, len(sizes["lesson"]) + 1), **sizes})


def compare_dead_units(key: str, batch: Split, everything: Split) -> pd.DataFrame:
    """Return `layer` (from 1), `before`, `lesson` and `remedy`: shares of units, in [0, 1], that give 0 for all images.

    Before any step, after one of the lesson's length along the gradient of `batch`, and after one of the healthy
    length. All images are those of `everything`: on a few hundred, some units only seem dead.
    """
    lesson = LESSONS[key]
    start = in_float64(first_network(lesson.config))
    stepped = {name: one_step(start, batch, getattr(lesson, part).learning_rate) for name, part in _PARTS.items()}
    shares = {name: dead_shares(network, everything) for name, network in {"before": start, **stepped}.items()}
    return pd.DataFrame({"layer": range(1, len(shares["before"]) + 1), **shares})


def dead_shares(network: MLP, split: Split) -> list[float]:
    """Return for each hidden layer the share of units, in [0, 1], that give 0 for every image of the split."""
    awake = [np.zeros(units, bool) for units in network.layer_sizes[1:-1]]
    for start in range(0, len(split), _ROWS_AT_ONCE):
        layers = hidden_activations(network, split.images[start : start + _ROWS_AT_ONCE])
        awake = [units | (layer > 0).any(axis=0) for units, layer in zip(awake, layers, strict=True)]
    return [float(1 - units.mean()) for units in awake]


_ROWS_AT_ONCE = 2000  # of float64, so that memory stays low
_PARTS = {"lesson": "config", "remedy": "remedy"}
