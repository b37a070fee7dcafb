"""What a lesson measures: gradients layer by layer, and units that have died."""

import numpy as np
import pandas as pd

from mnist_core.data.dataset import Split
from mnist_core.lessons.catalogue import LESSONS, first_network, one_step
from mnist_core.lessons.one_update import in_float64
from mnist_core.lessons.step_sizes import batch_gradient
from mnist_core.nn import MLP
from mnist_core.training.measure import Probe


def gradient_sizes(network: MLP, batch: Split) -> list[float]:
    """Return for each kernel the root mean square of its gradient, of the batch's mean cost, first layer first."""
    gradient = batch_gradient(in_float64(network), batch)
    return [float(np.sqrt(np.square(kernel).mean())) for kernel in gradient.kernels]


def compare_gradients(key: str, batch: Split) -> pd.DataFrame:
    """Return `layer` (from 1), `lesson` and `remedy`: gradient sizes of a lesson's network and of the healthy one."""
    lesson = LESSONS[key]
    sizes = {name: gradient_sizes(first_network(getattr(lesson, part)), batch) for name, part in _PARTS.items()}
    return pd.DataFrame({"layer": range(1, len(sizes["lesson"]) + 1), **sizes})


def compare_dead_units(key: str, batch: Split) -> pd.DataFrame:
    """Return `layer` (from 1), `before`, `lesson` and `remedy`: shares of units, in [0, 1], that give 0 for all images.

    Before any step, after one of the lesson's length, and after one of the healthy length.
    """
    lesson = LESSONS[key]
    start = in_float64(first_network(lesson.config))
    stepped = {name: one_step(start, batch, getattr(lesson, part).learning_rate) for name, part in _PARTS.items()}
    shares = {
        name: Probe(network, batch.images).dead_shares() for name, network in {"before": start, **stepped}.items()
    }
    return pd.DataFrame({"layer": range(1, len(shares["before"]) + 1), **shares})


_PARTS = {"lesson": "config", "remedy": "remedy"}
