"""A network can be lost in its very last step, whose outcome no step has measured."""

import numpy as np

from mnist_core.data import Split
from mnist_core.nn import MLP

BLOWN_UP = "The last step was so large that the network's cost has overflowed. Lower the learning rate."


def overflows(network: MLP, split: Split, probed: int = 1000) -> bool:
    """Tell whether numbers overflow with these weights, by the cost and gradients of the split's first images."""
    with np.errstate(over="ignore", invalid="ignore"):
        cost, gradients, _ = network.loss_and_gradients(split.images[:probed], split.labels[:probed])
        norms = [float(np.linalg.norm(gradient)) for gradient in gradients]
    return not np.isfinite([cost, *norms]).all()
