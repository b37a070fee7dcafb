"""Which test images to look at: those of one cell of the confusion matrix, and the errors in a telling order."""

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mnist_core.evaluation.predictions import Predictions

Order = Literal["cost", "confidence", "margin"]
ORDERS: tuple[Order, ...] = get_args(Order)


def cell_indices(predictions: Predictions, true: int, predicted: int) -> NDArray[np.intp]:
    """Return the indices of the images of one cell, those the network was surest about first."""
    inside = np.flatnonzero((predictions.labels == true) & (predictions.predicted == predicted))
    return inside[np.argsort(-predictions.confidences[inside], kind="stable")]


def error_indices(predictions: Predictions, by: Order) -> NDArray[np.intp]:
    """Return the indices of all wrongly answered images.

    Parameters
    ----------
    by
        "cost": the most costly error first; "confidence": the surest wrong answer first; "margin": the closest call
        first.
    """
    wrong = np.flatnonzero(~predictions.correct)
    keys = {"cost": -predictions.costs, "confidence": -predictions.confidences, "margin": predictions.margins}
    return wrong[np.argsort(keys[by][wrong], kind="stable")]


def confused_pairs(confusion: NDArray[np.int64], most: int = 10) -> pd.DataFrame:
    """Return the most frequent errors: `true`, `predicted`, `count`, and `share` of the true class's images.

    Parameters
    ----------
    confusion
        True classes in rows, int64 (10, 10).
    most
        Rows to return at most; pairs that never occur are left out.
    """
    true, predicted = np.nonzero(confusion * (1 - np.eye(len(confusion), dtype=np.int64)))
    counts = confusion[true, predicted]
    table = pd.DataFrame(
        {"true": true, "predicted": predicted, "count": counts, "share": counts / confusion.sum(axis=1)[true]}
    )
    return table.sort_values("count", ascending=False, kind="stable", ignore_index=True).head(most)
