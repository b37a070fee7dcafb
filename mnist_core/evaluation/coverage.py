"""Reading images automatically: answer when sure enough, hand the rest to a person, and count what goes wrong."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaincinv

from mnist_core.evaluation.predictions import Predictions

CONFIDENCE = 0.95


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


def choose_threshold(predictions: Predictions, error_rate: float, confidence: float | None = CONFIDENCE) -> float:
    """Return the lowest threshold that keeps the share of errors among accepted answers down; infinity if none does.

    Parameters
    ----------
    error_rate
        The share that is allowed, in [0, 1].
    confidence
        How sure to be, in (0, 1), that new images keep to it as well: the upper bound of the share must be allowed.
        None: the share on these very images must be, which on new images is too much about every second time.
    """
    table = risk_coverage(predictions)
    risk = table["risk"]
    if confidence is not None:
        accepted = table["accepted"].to_numpy()
        risk = upper_bound(np.rint(risk.to_numpy() * accepted), accepted, confidence)
    allowed = table["threshold"][risk <= error_rate]
    return float(allowed.min()) if len(allowed) else np.inf


def upper_bound(
    errors: NDArray[np.floating], accepted: NDArray[np.integer], confidence: float = CONFIDENCE
) -> NDArray[np.floating]:
    """Return how large the true share of errors may be, one-sided (Clopper and Pearson 1934).

    Parameters
    ----------
    errors, accepted
        Wrong answers, and all, shape (n,); at least one each in `accepted`.
    confidence
        How often the true share lies below, at least.
    """
    bound: NDArray[np.floating] = betaincinv(errors + 1, np.maximum(accepted - errors, 1), confidence)
    return np.where(errors >= accepted, 1.0, bound)


def operate(predictions: Predictions, threshold: float) -> Operation:
    """Return what happens on these images when answers below `threshold` are refused."""
    accepted = predictions.confidences >= threshold
    errors = np.count_nonzero(accepted & ~predictions.correct)
    return Operation(threshold, int(np.count_nonzero(accepted)), int(errors), len(predictions))
