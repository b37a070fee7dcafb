"""Reading images automatically: answer when sure enough, hand the rest to a person, and count what goes wrong."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnist_core.evaluation.predictions import Predictions


@dataclass(frozen=True)
class Operation:
    """What happens when only answers of probability `threshold` or more are accepted.

    Attributes
    ----------
    threshold
        Above 1 where no answer may be accepted.
    accepted, errors
        Images read automatically, and how many of them wrongly.
    count
        All images.
    """

    threshold: float
    accepted: int
    errors: int
    count: int

    @property
    def coverage(self) -> float:
        """Share of images read automatically, in [0, 1]."""
        return self.accepted / self.count

    @property
    def left(self) -> int:
        """Images left to a person."""
        return self.count - self.accepted

    @property
    def risk(self) -> float:
        """Share of errors among them, in [0, 1]; 0 if there are none."""
        return self.errors / self.accepted if self.accepted else 0.0


def risk_coverage(predictions: Predictions) -> pd.DataFrame:
    """Return what each possible threshold leads to, strictest first: `threshold`, `accepted`, `coverage`, `risk`."""
    order = np.argsort(-predictions.confidences, kind="stable")
    confidence = predictions.confidences[order]
    accepted = np.arange(1, len(order) + 1)
    risk = np.cumsum(~predictions.correct[order]) / accepted
    # Equal probabilities are accepted or refused together.
    last = np.append(confidence[1:] != confidence[:-1], True)
    table = {"threshold": confidence, "accepted": accepted, "coverage": accepted / len(order), "risk": risk}
    return pd.DataFrame(table)[last].reset_index(drop=True)


def choose_threshold(predictions: Predictions, error_rate: float) -> float:
    """Return the lowest threshold at which at most `error_rate` of the accepted answers are wrong; infinity if none."""
    table = risk_coverage(predictions)
    allowed = table["threshold"][table["risk"] <= error_rate]
    return float(allowed.min()) if len(allowed) else np.inf


def operate(predictions: Predictions, threshold: float) -> Operation:
    """Return what happens on these images when answers below `threshold` are refused."""
    accepted = predictions.confidences >= threshold
    errors = np.count_nonzero(accepted & ~predictions.correct)
    return Operation(threshold, int(np.count_nonzero(accepted)), int(errors), len(predictions))
