"""Epoch results as rows of the store, and the rows as a table to draw."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from mnist_core.runs.rights import is_seen_by
from mnist_core.runs.schema import epochs, points
from mnist_core.runs.who import Who
from mnist_core.training.results import EpochResult, Point

_COLUMNS = [column for column in epochs.columns if column.name != "run_id"]
_LISTS = {"gradient_norms", "dead_shares"}


def write_epochs(connection: Connection, run_id: str, results: Sequence[EpochResult]) -> None:
    """Store consecutive results; those from their first epoch on, stored before a worker died, are replaced."""
    if not results:
        return
    connection.execute(delete(epochs).where(epochs.c.run_id == run_id, epochs.c.epoch >= results[0].epoch))
    connection.execute(insert(epochs), [{"run_id": run_id, **asdict(result)} for result in results])


def drop_epochs(connection: Connection, run_id: str, first: int) -> None:
    """Delete the results from epoch `first` on, and the points within these epochs."""
    for table in (epochs, points):
        connection.execute(delete(table).where(table.c.run_id == run_id, table.c.epoch >= first))


def write_points(connection: Connection, run_id: str, taken: Sequence[Point]) -> None:
    """Store consecutive points; those from the first of them on, stored before a worker died, are replaced."""
    if not taken:
        return
    connection.execute(delete(points).where(points.c.run_id == run_id, points.c.images_seen >= taken[0].images_seen))
    connection.execute(insert(points), [{"run_id": run_id, **asdict(point)} for point in taken])


def read_points(connection: Connection, run_id: str, who: Who) -> pd.DataFrame:
    """Return the points of a run, a column for each field of Point: two are int64, two float64."""
    columns = [points.c.epoch, points.c.images_seen, points.c.cost, points.c.accuracy]
    mine = (points.c.run_id == run_id) & is_seen_by(who, run_id)
    rows = connection.execute(select(*columns).where(mine).order_by(points.c.images_seen)).all()
    types = {"epoch": np.int64, "images_seen": np.int64, "cost": np.float64, "accuracy": np.float64}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def read_epochs(connection: Connection, run_id: str, after_epoch: int, who: Who) -> pd.DataFrame:
    """Return the results after `after_epoch`, a column for each field of EpochResult.

    All numbers but `epoch` are float64, a missing validation is NaN; `gradient_norms` and `dead_shares` hold lists.
    """
    mine = (epochs.c.run_id == run_id) & is_seen_by(who, run_id)
    rows = connection.execute(
        select(*_COLUMNS).where(mine, epochs.c.epoch > after_epoch).order_by(epochs.c.epoch)
    ).all()
    values: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
    return pd.DataFrame(
        {
            column.name: _series(column.name, column_values)
            for column, column_values in zip(_COLUMNS, values, strict=True)
        }
    )


def _series(name: str, values: Sequence[Any]) -> pd.Series:
    if name in _LISTS:
        return pd.Series(list(values), dtype=object)
    if name == "epoch":
        return pd.Series(values, dtype=np.int64)
    return pd.Series(np.array(values, dtype=np.float64))  # None becomes NaN
