"""The curves of several runs in the same charts, each run in a colour of its own."""

from collections.abc import Mapping

import pandas as pd

from mnist_core.figures.live import Panel, Series


def overlay_panels(histories: Mapping[str, pd.DataFrame], *, log: bool) -> list[Panel]:
    """Return the cost, the training accuracy and, where measured, the validation accuracy of each run by epoch.

    Parameters
    ----------
    histories
        Name of a run -> its table of `RunStore.history`.
    log
        Whether the cost has a logarithmic axis.
    """
    panels = [
        Panel("Cost", _curves(histories, "cost"), log=log),
        Panel("Training accuracy in %", _curves(histories, "accuracy", 100)),
    ]
    validated = _curves(histories, "validation_accuracy", 100)
    return [*panels, Panel("Validation accuracy in %", validated)] if validated else panels


def _curves(histories: Mapping[str, pd.DataFrame], column: str, factor: float = 1.0) -> list[Series]:
    """Return a curve for each run that measured `column`; a run has the same number, and so colour, in every panel."""
    return [
        Series(name, table.epoch, factor * table[column], "layer", number)
        for number, (name, table) in enumerate(histories.items())
        if table[column].notna().any()
    ]
