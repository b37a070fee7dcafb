"""The curves of a NumPy run and its Keras twin, as panels of the live chart."""

import numpy as np
import pandas as pd

from mnist_core.figures.live import Panel, Series


def pair_panels(numpy: pd.DataFrame, keras: pd.DataFrame) -> list[Panel]:
    """Return cost and accuracy by epoch, both runs in each chart; Keras dashed, because it lies on the other.

    Parameters
    ----------
    numpy, keras
        Histories as the store returns them.
    """
    return [
        Panel("Cost", _both(numpy, keras, "cost")),
        Panel("Training accuracy in %", _both(numpy, keras, "accuracy", 100)),
    ]


def differences_panel(differences: pd.DataFrame) -> Panel:
    """Return the largest difference of any weight, and that of the cost, by epoch on a log axis.

    A difference of exactly 0 has no place on it and leaves a gap.
    """
    series = [
        Series(name, differences.epoch, differences[column].where(differences[column] > 0, np.nan), "layer", number)
        for number, (column, name) in enumerate({"weights": "Weights", "cost": "Cost"}.items())
    ]
    return Panel("Largest absolute difference", series, log=True)


def _both(numpy: pd.DataFrame, keras: pd.DataFrame, column: str, factor: float = 1) -> list[Series]:
    return [
        Series("NumPy", numpy.epoch, factor * numpy[column]),
        Series("Keras", keras.epoch, factor * keras[column], "other", 2),
    ]
