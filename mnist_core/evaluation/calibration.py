"""Whether probabilities mean what they say: of the answers given with 90 %, nine in ten should be right.

Guo, Pleiss, Sun, Weinberger (2017), "On calibration of modern neural networks".
"""

import numpy as np
import pandas as pd

from mnist_core.evaluation.predictions import Predictions
from mnist_core.nn import calibration

BINS = 10


def reliability(predictions: Predictions, bins: int = BINS) -> pd.DataFrame:
    """Group answers by the probability they were given with.

    Returns
    -------
    pd.DataFrame
        One row for each of `bins` equal steps of probability: `low`, `high`, `count`, and of the answers in it the
        mean `confidence` and the `accuracy`, both in [0, 1], NaN where there are no answers.
    """
    step = np.minimum((predictions.confidences * bins).astype(np.intp), bins - 1)
    count = np.bincount(step, minlength=bins)
    answers = np.where(count > 0, count, np.nan)
    edges = np.linspace(0, 1, bins + 1)
    return pd.DataFrame(
        {
            "low": edges[:-1],
            "high": edges[1:],
            "count": count,
            "confidence": np.bincount(step, predictions.confidences, bins) / answers,
            "accuracy": np.bincount(step, predictions.correct, bins) / answers,
        }
    )


def expected_calibration_error(table: pd.DataFrame) -> float:
    """Return the mean gap between confidence and accuracy over all answers, in [0, 1]; `table` is `reliability`'s."""
    gaps = (table["confidence"] - table["accuracy"]).abs().fillna(0)
    return float((gaps * table["count"]).sum() / table["count"].sum())


def fit_temperature(predictions: Predictions) -> float:
    """Return the T > 0 for which softmax(logits / T) has the lowest mean cross-entropy.

    To be fitted on images that the network neither learnt from nor is judged by. T > 1 means that it was too sure.
    The accuracy does not change, because the order of the logits does not.
    """
    return calibration.fit_temperature(predictions.logits, predictions.labels)


def at_temperature(predictions: Predictions, temperature: float) -> Predictions:
    """Return the same answers with softmax(logits / temperature) as their probabilities."""
    return Predictions(predictions.logits / temperature, predictions.labels)
