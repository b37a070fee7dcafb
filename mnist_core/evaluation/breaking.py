"""How far an image can be moved, turned or thickened before a network reads something else."""

from dataclasses import dataclass, replace

import numpy as np

from mnist_core.data.drawing import Image
from mnist_core.data.nudge import Nudge, nudge
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.calibration import calibrated

# Field of Nudge -> the amounts to try.
RANGES: dict[str, FloatArray] = {
    "right_px": np.arange(-8.0, 8.5, 1),
    "down_px": np.arange(-8.0, 8.5, 1),
    "turn_deg": np.arange(-90.0, 91, 5),
    "thicken_px": np.arange(-2.0, 3.1, 0.25),
}


@dataclass(frozen=True, eq=False)
class Curve:
    """What a network says of one image as one kind of change grows.

    Attributes
    ----------
    change
        Field of `Nudge`.
    amounts
        How much of it, ascending.
    probabilities
        Of the class, in [0, 1], for each amount.
    answers
        What is read, for each amount.
    """

    change: str
    amounts: FloatArray
    probabilities: FloatArray
    answers: np.ndarray


def breaking_curves(
    network: MLP, image: Image, label: int, start: Nudge, temperature: float | None = None
) -> list[Curve]:
    """Return how the probability of class `label` depends on each kind of change, the other three being as in `start`.

    Parameters
    ----------
    image
        uint8 (28, 28), before any change.
    temperature
        As of `mnist_core.evaluation.reading.read`.
    """
    curves = []
    for change, amounts in RANGES.items():
        changed = np.stack([nudge(image, replace(start, **{change: float(amount)})) for amount in amounts])
        probabilities = calibrated(network.predict_proba(changed), temperature or 1.0)
        curves.append(Curve(change, amounts, probabilities[:, label], probabilities.argmax(axis=1)))
    return curves
