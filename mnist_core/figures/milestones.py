"""The table that the published result came as: the cost at every 100th epoch."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

_MOST_ROWS = 12


def milestones(history: pd.DataFrame, published: Mapping[int, float]) -> pd.DataFrame:
    """Return every 100th epoch (of shorter runs every 10th, or each), and the last one.

    Parameters
    ----------
    history
        Columns `epoch`, `cost`, `accuracy` (in [0, 1]) and more.
    published
        Epoch -> published cost; empty for other recipes.

    Returns
    -------
    pandas.DataFrame
        Columns "Epoch", "Cost", "Training accuracy" in %, and where `published` holds something "Published cost" and
        "Difference".
    """
    if history.empty:
        return pd.DataFrame(columns=["Epoch", "Cost", "Training accuracy"])
    last = int(history.epoch.iloc[-1])
    step = 100 if published else _step(last)
    rows = history[(history.epoch % step == 0) | (history.epoch == last)]
    table = pd.DataFrame({"Epoch": rows.epoch, "Cost": rows.cost, "Training accuracy": 100 * rows.accuracy})
    if published:
        table["Published cost"] = rows.epoch.map(published).astype(np.float64)
        table["Difference"] = table["Cost"] - table["Published cost"]
    return table.reset_index(drop=True)


def _step(last: int) -> int:
    """Return the least power of ten, from 1 on, that leaves no more than 12 rows; 100 from epoch 200 to 1200."""
    step = 1
    while last // step > _MOST_ROWS - 1:
        step *= 10
    return step
