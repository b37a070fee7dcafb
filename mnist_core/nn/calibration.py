"""A temperature for a network's probabilities, so that nine in ten of the answers given with 90 % are correct.

All logits are divided by one number T. That changes no answer, only how sure it is: T > 1 makes it less sure (Guo,
Pleiss, Sun, Weinberger 2017, "On calibration of modern neural networks").
"""

import numpy as np
from numpy.typing import NDArray

from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.losses import softmax

LARGEST_TEMPERATURE = 20.0
_HALVINGS = 26


def fit_temperature(logits: FloatArray, labels: NDArray[np.integer]) -> float:
    """Return the T in [1/20, 20] for which softmax(logits / T) has the lowest mean cross-entropy.

    That cost is convex in 1/T, and its derivative is the mean over images of (expected logit - logit at the label). T
    is where that is 0, found by halving an interval of log T.

    Parameters
    ----------
    logits
        Shape (n, classes), of images that the network neither learnt from nor is judged by.
    labels
        Class indices, shape (n,).
    """
    z = np.array(logits, np.float64, order="F")
    at_label = z[np.arange(len(labels)), labels].mean()
    low, high = -np.log(LARGEST_TEMPERATURE), np.log(LARGEST_TEMPERATURE)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        expected = (softmax(z / np.exp(middle)) * z).sum(axis=1).mean()
        # The surer the answers, the nearer the expected logit is to the largest. Above the label's, they are too sure.
        low, high = (middle, high) if expected > at_label else (low, middle)
    return float(np.exp((low + high) / 2))


def calibrated(probabilities: FloatArray, temperature: float) -> FloatArray:
    """Return softmax(logits / T), shape (n, classes), from the probabilities softmax(logits)."""
    # The largest is divided out first, so that no power of it vanishes.
    powers = (probabilities / probabilities.max(axis=-1, keepdims=True)) ** (1 / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)
