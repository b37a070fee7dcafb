"""Whether a stranger's network can be used on every page: it reads our images, and its numbers stay numbers."""

import numpy as np

from mnist_core.data.dataset import CLASSES
from mnist_core.errors import ModelFileError
from mnist_core.nn import MLP
from mnist_core.training.config import PIXELS

MAX_NETWORK_BYTES = 32 * 1024 * 1024


def check_usable(network: MLP) -> None:
    """Refuse a network that the pages cannot use.

    Raises
    ------
    ModelFileError
        It takes no 784 pixels, gives no ten classes, is larger than 32 MiB, or its weights are not finite or so large
        that its answers could overflow its number format.
    """
    sizes = network.layer_sizes
    if sizes[0] != PIXELS or sizes[-1] != CLASSES:
        raise ModelFileError(
            f"Expected a network from {PIXELS} pixels to {CLASSES} classes, found one from {sizes[0]} to {sizes[-1]}."
        )
    if network.parameters.nbytes > MAX_NETWORK_BYTES:
        raise ModelFileError(
            f"Expected a network of at most {MAX_NETWORK_BYTES >> 20} MB, found "
            f"{network.parameters.nbytes / 2**20:.0f} MB. Use a smaller one."
        )
    if not np.isfinite(network.parameters).all():
        raise ModelFileError("Expected finite weights, found others. The network has diverged: train it again.")
    # Half the range for each of two logits, whose difference is taken.
    if largest_sum(network) > np.finfo(network.dtype).max / 2:
        raise ModelFileError(
            "Expected weights whose sums stay finite, found larger ones. The network has diverged: train it again."
        )


def largest_sum(network: MLP) -> float:
    """Return a bound on every weighted sum in the network, for any image of pixels in [0, 1]."""
    inputs = largest = 1.0
    with np.errstate(over="ignore"):
        for kernel, bias in zip(network.kernels, network.biases, strict=True):
            size = float(np.abs(kernel).sum(axis=0, dtype=np.float64).max())
            inputs = inputs * size + float(np.abs(bias).max())
            largest = max(largest, inputs)
            if network.activation != "relu":
                inputs = 1.0  # tanh and sigmoid give no more
    return largest
