"""Softmax and cross-entropy, computed so that no logit can make them overflow.

The logits, shape (n, 10), may lie in memory class by class (Fortran order). Then the sums over classes run along
contiguous memory, which is 10 times faster; the formulas do not change.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_core.nn.arrays import FloatArray


def softmax(logits: FloatArray) -> FloatArray:
    """Return probabilities of shape (n, classes): exp(logits) / sum of exp(logits), each row summing to 1.

    Subtracting a row's maximum changes nothing in exact arithmetic and keeps exp from overflowing.
    """
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


class Measured(NamedTuple):
    """What some images measured on their way through the network: sums over them, not means.

    Attributes
    ----------
    cost
        Cross-entropies with the labels as they are.
    objective
        Cross-entropies with the smoothed labels: what the gradient is the derivative of.
    correct
        Images whose largest logit (the first of several equal ones) is at their label.
    images
        How many images.
    """

    cost: float
    objective: float
    correct: int
    images: int


def cross_entropy(logits: FloatArray, labels: NDArray[np.integer]) -> FloatArray:
    """Return the cost of each image, shape (n,): -log softmax(logits)[label], in float64."""
    exact = np.array(logits, np.float64, order="F")
    return _costs(exact, labels, out=exact)[0]


def softmax_cross_entropy(
    logits: FloatArray, labels: NDArray[np.intp], label_smoothing: float, n: int, out: FloatArray
) -> Measured:
    """Measure images and write the derivative of their objective, over `n`, with respect to the logits into `out`.

    The target t of an image is 1 at its label and 0 elsewhere; smoothing s moves it to (1 - s) t + s / classes. Then
    objective = logsumexp(logits) - sum(t * logits), and its derivative is softmax(logits) - t. Where s is 0 the
    objective is the cost; else it is cost + s (logit at the label - mean of the image's logits).

    Parameters
    ----------
    logits
        Shape (rows, classes).
    labels
        Class indices, shape (rows,).
    label_smoothing
        s in [0, 1).
    n
        Images to average over: the whole batch's, where these rows are only part of it.
    out
        d_logits, shape (rows, classes).
    """
    rows, classes = np.arange(len(labels)), logits.shape[1]
    correct = np.count_nonzero(logits.argmax(axis=1) == labels)
    costs, totals = _costs(logits, labels, out)
    cost = objective = float(costs.sum())
    out *= (1 / n / totals)[:, None]
    out[rows, labels] -= (1 - label_smoothing) / n
    if label_smoothing:
        out -= label_smoothing / classes / n
        objective += label_smoothing * float(logits[rows, labels].sum() - logits.sum() / classes)
    return Measured(cost, objective, int(correct), len(labels))


def _costs(
    logits: FloatArray, labels: NDArray[np.integer], out: FloatArray
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return each image's cost, logsumexp(logits) - logits[label], and the sum of its exponentials.

    The exponentials, exp(logits - largest), are left in `out`, which may be `logits` itself.
    """
    np.subtract(logits, logits.max(axis=1)[:, None], out=out)
    at_label = out[np.arange(len(labels)), labels]
    np.exp(out, out=out)
    totals = out.sum(axis=1)
    return np.log(totals) - at_label, totals
