"""The table that the published result came as: the cost at every 100th epoch."""

from collections.abc import Mapping

import numpy as np
import pandas as pd


def milestones(history: pd.DataFrame, published: Mapping[int, float]) -> pd.DataFrame:
    """Return every 100th epoch (every 10th of up to 100, all of up to 10), and the last one.

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
    step = next((step for step in (1, 10) if last <= 10 * step), 100)
    rows = history[(history.epoch % step == 0) | (history.epoch == last)]
    table = pd.DataFrame({"Epoch": rows.epoch, "Cost": rows.cost, "Training accuracy": 100 * rows.accuracy})
    if published:
        table["Published cost"] = rows.epoch.map(published).astype(np.float64)
        table["Difference"] = table["Cost"] - table["Published cost"]
    return table.reset_index(drop=True)
