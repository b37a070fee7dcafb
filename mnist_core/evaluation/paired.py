"""Two networks on the same images: where they differ, and whether chance alone would explain it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mnist_core.evaluation.intervals import mcnemar_exact
from mnist_core.evaluation.predictions import Predictions

SIGNIFICANT = 0.05
_SMALLEST_P_SHOWN = 0.001
# Measured on pairs of the same recipe with other seeds: 17 % of them have p < 0.05.
_NETWORKS = (
    "This compares two networks, not two recipes: of pairs of the same recipe with other seeds, 17 % differ with "
    "p < 0.05. To compare recipes, train each with several seeds."
)


@dataclass(frozen=True)
class Comparison:
    """How many images both, only the first, only the second, and neither network answers correctly.

    `p_value` is that of McNemar's exact test.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    p_value: float

    @property
    def difference(self) -> float:
        """Accuracy of the first minus that of the second."""
        return (self.only_first - self.only_second) / (self.both + self.only_first + self.only_second + self.neither)


def compare(first: Predictions, second: Predictions) -> Comparison:
    """Compare two networks' answers for the same images.

    Raises
    ------
    ValueError
        The images are not the same ones.
    """
    if not np.array_equal(first.labels, second.labels):
        raise ValueError("Expected answers for the same images, received different labels. Use one data set for both.")
    a, b = first.correct, second.correct
    both, only_a, only_b, neither = (int(np.count_nonzero(x)) for x in (a & b, a & ~b, b & ~a, ~a & ~b))
    return Comparison(both, only_a, only_b, neither, mcnemar_exact(only_a, only_b))


def disagreements(first: Predictions, second: Predictions) -> NDArray[np.intp]:
    """Return the indices of the images for which the predicted classes differ."""
    return np.flatnonzero(first.predicted != second.predicted)


def verdict(comparison: Comparison, first: str, second: str) -> str:
    """Say what the comparison means, in plain sentences, for networks called `first` and `second`."""
    only_first, only_second, p = comparison.only_first, comparison.only_second, comparison.p_value
    if not only_first + only_second:
        return f"{first} and {second} are right on exactly the same images: the test set shows no difference."
    counts = (
        f"{first} alone is right on {_images(only_first)}, {second} alone on {_images(only_second)}. "
        f"If both were equally good, chance would split these {only_first + only_second} at least as unevenly "
        f"with probability {_probability(p)} (McNemar's exact test). "
    )
    if p >= SIGNIFICANT:
        return f"{counts}That is well within chance: neither is shown to be better. {_NETWORKS}"
    better = first if only_first > only_second else second
    return f"{counts}That is hardly chance: {better} is better on such images. {_NETWORKS}"


def _images(count: int) -> str:
    return f"{count} image" if count == 1 else f"{count} images"


def _probability(p: float) -> str:
    return f"less than {_SMALLEST_P_SHOWN}" if p < _SMALLEST_P_SHOWN else f"{p:.2g}"


def contingency(comparison: Comparison, first: str, second: str) -> pd.DataFrame:
    """Return the four counts as a table: the first network's answers in rows, the second's in columns."""
    return pd.DataFrame(
        [[comparison.both, comparison.only_first], [comparison.only_second, comparison.neither]],
        index=[f"{first} right", f"{first} wrong"],
        columns=[f"{second} right", f"{second} wrong"],
    )
