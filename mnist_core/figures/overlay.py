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
    validated = {name: table for name, table in histories.items() if table.validation_accuracy.notna().any()}
    panels = [
        Panel("Cost", _curves(histories, "cost"), log=log),
        Panel("Training accuracy in %", _curves(histories, "accuracy", 100), percent=True),
    ]
    if validated:
        panels.append(Panel("Validation accuracy in %", _curves(validated, "validation_accuracy", 100), percent=True))
    return panels


def _curves(histories: Mapping[str, pd.DataFrame], column: str, factor: float = 1.0) -> list[Series]:
    numbers = {name: number for number, name in enumerate(histories)}
    return [
        Series(name, table.epoch, factor * table[column], "layer", numbers[name]) for name, table in histories.items()
    ]
