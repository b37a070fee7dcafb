"""Softmax and cross-entropy, computed so that no logit can make them overflow.

The logits, shape (n, 10), may lie in memory class by class (Fortran order). Then the sums over classes run along
contiguous memory, which is 10 times faster; the formulas do not change.
"""

import numpy as np
from numpy.typing import NDArray

from mnist_core.nn.arrays import FloatArray


def softmax(logits: FloatArray) -> FloatArray:
    """Return probabilities of shape (n, classes): exp(logits) / sum of exp(logits), each row summing to 1.

    Subtracting a row's maximum changes nothing in exact arithmetic and keeps exp from overflowing.
    """
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def cross_entropy(logits: FloatArray, labels: NDArray[np.integer]) -> FloatArray:
    """Return the cost of each image, shape (n,): -log softmax(logits)[label] = logsumexp(logits) - logits[label].

    The largest exponential, exp(0), stays out of the sum, for log1p to add: 1 + 1e-17 would be 1, and a confident
    network's cost 0.
    """
    rows, top = np.arange(len(labels)), logits.argmax(axis=1)
    largest = logits[rows, top]
    others = np.exp(logits - largest[:, None])
    others[rows, top] = 0
    return np.log1p(others.sum(axis=1)) + (largest - logits[rows, labels])


def softmax_cross_entropy(
    logits: FloatArray, labels: NDArray[np.intp], label_smoothing: float, n: int, out: FloatArray
) -> tuple[float, int]:
    """Measure a batch and write the derivative of its cost by the logits, divided by `n`, into `out`.

    The target t of an image is 1 at its label and 0 elsewhere; smoothing s moves it to (1 - s) t + s / classes. Then
    cost = logsumexp(logits) - sum(t * logits), and its derivative is softmax(logits) - t.

    Parameters
    ----------
    logits
        Shape (rows, classes).
    labels
        Class indices, shape (rows,).
    label_smoothing
        s in [0, 1).
    n
        Images whose mean is meant: the batch's, where these rows are only a part of it.
    out
        d_logits, shape (rows, classes).

    Returns
    -------
    tuple[float, int]
        Sum (not mean) of the costs, and how many of the images are classified correctly: by their first largest logit.
    """
    rows = np.arange(len(labels))
    largest = logits.max(axis=1)
    at_label = logits[rows, labels]
    correct = np.count_nonzero(logits.argmax(axis=1) == labels)

    np.subtract(logits, largest[:, None], out=out)
    shifted_sum = out.sum() if label_smoothing else 0.0
    np.exp(out, out=out)
    totals = out.sum(axis=1)
    cost = (np.log(totals) + (largest - at_label)).sum()

    out *= (1 / n / totals)[:, None]
    out[rows, labels] -= (1 - label_smoothing) / n
    if label_smoothing:
        share = label_smoothing / logits.shape[1]
        out -= share / n
        cost += (at_label - largest).sum() * label_smoothing - share * shifted_sum
    return float(cost), int(correct)
