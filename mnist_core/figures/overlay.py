"""The curves of several runs in the same charts, each run in a colour of its own."""

from collections.abc import Mapping

import pandas as pd

from mnist_core.figures.curves import Curves
from mnist_core.figures.live import Panel, Series


def overlay_panels(runs: Mapping[str, Curves], *, log: bool) -> list[Panel]:
    """Return the cost, the training accuracy and, where measured, the validation accuracy of each run by epoch.

    Parameters
    ----------
    runs
        Name of a run -> its curves.
    log
        Whether the cost has a logarithmic axis.
    """
    training = {name: curves.training for name, curves in runs.items()}
    validation = {name: curves.validation for name, curves in runs.items()}
    panels = [
        Panel("Cost", _series(training, "cost"), log=log),
        Panel("Training accuracy in %", _series(training, "accuracy", 100)),
    ]
    validated = _series(validation, "accuracy", 100)
    return [*panels, Panel("Validation accuracy in %", validated)] if validated else panels


def _series(tables: Mapping[str, pd.DataFrame], column: str, factor: float = 1.0) -> list[Series]:
    """Return a curve for each table that is not empty; a run has the same number, and so colour, in every panel."""
    return [
        Series(name, table.passes, factor * table[column], "layer", number)
        for number, (name, table) in enumerate(tables.items())
        if len(table)
    ]
