"""A network's quality on a split in numbers: accuracy with interval, cost, confusion matrix, scores of each class."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mnist_core.data import Split
from mnist_core.data.dataset import CLASSES
from mnist_core.evaluation.intervals import wilson_interval
from mnist_core.evaluation.predictions import Predictions, predict
from mnist_core.nn import MLP


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What `evaluate` measured.

    Attributes
    ----------
    count, correct
        Images, and how many of them were answered correctly.
    interval
        95 % Wilson interval of the accuracy, in [0, 1].
    cost
        Mean cross-entropy.
    confusion
        Images of each true class (row) by predicted class (column), int64 (10, 10); sums to `count`.
    per_class
        One row a class: `label`, `precision`, `recall`, `f1` (each in [0, 1], 0 where undefined) and `support`.
    """

    count: int
    correct: int
    interval: tuple[float, float]
    cost: float
    confusion: NDArray[np.int64]
    per_class: pd.DataFrame

    @property
    def accuracy(self) -> float:
        """Share answered correctly, in [0, 1]."""
        return self.correct / self.count

    @property
    def errors(self) -> int:
        """Images answered wrongly."""
        return self.count - self.correct


def evaluate(network: MLP, split: Split) -> Evaluation:
    """Measure a network on a split, usually the test set.

    Raises
    ------
    ValueError
        The split is empty, or the network is not for 28 x 28 images of ten classes.
    """
    return summarize(predict(network, split))


def summarize(predictions: Predictions) -> Evaluation:
    """Return the numbers of answers already computed; ValueError if there are none."""
    if not len(predictions):
        raise ValueError("split: expected at least one image, received none.")
    confusion = confusion_matrix(predictions.labels, predictions.predicted)
    correct = int(np.count_nonzero(predictions.correct))
    return Evaluation(
        count=len(predictions),
        correct=correct,
        interval=wilson_interval(correct, len(predictions)),
        cost=float(predictions.costs.mean()),
        confusion=confusion,
        per_class=_scores(confusion),
    )


def confusion_matrix(labels: NDArray[np.integer], predicted: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count the images of each true class (row) by predicted class (column), int64 (10, 10).

    Parameters
    ----------
    labels, predicted
        Class indices 0..9, shape (n,).
    """
    cells = labels.astype(np.int64) * CLASSES + predicted
    return np.bincount(cells, minlength=CLASSES**2).reshape(CLASSES, CLASSES)


def _scores(confusion: NDArray[np.int64]) -> pd.DataFrame:
    """Return precision, recall, their harmonic mean and the number of images of each class; 0 where undefined."""
    right, answered, support = confusion.diagonal(), confusion.sum(axis=0), confusion.sum(axis=1)
    return pd.DataFrame(
        {
            "label": np.arange(CLASSES),
            "precision": right / np.maximum(answered, 1),
            "recall": right / np.maximum(support, 1),
            "f1": 2 * right / np.maximum(answered + support, 1),
            "support": support,
        }
    )
