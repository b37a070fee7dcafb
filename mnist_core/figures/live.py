"""The curves of a run as small data for a chart that is updated every second.

A live chart gets no plotly Figure, which would be slow to build and 20 times as large, but panels of plain series;
the page's chart component draws them. Thousands of epochs are thinned to what a screen can show.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mnist_core.figures.conventions import log_ticks
from mnist_core.figures.curves import Curves

# Points of one curve while a run goes on, and when it has ended. A panel is a few hundred pixels wide.
LIVE_POINTS, ALL_POINTS = 400, 4000

Role = Literal["training", "validation", "published", "other", "layer"]


@dataclass(frozen=True)
class Series:
    """One curve: `x` and `y` of equal length; `role` and `number` choose its colour and dash."""

    name: str
    x: ArrayLike
    y: ArrayLike
    role: Role = "training"
    number: int = 0


@dataclass(frozen=True)
class Panel:
    """One chart: its title with the unit, its curves, and whether its vertical axis is logarithmic or begins at 0."""

    title: str
    series: Sequence[Series]
    log: bool = False
    from_zero: bool = False


def cost_panel(own: Curves, *, others: Mapping[str, Curves], published: Mapping[int, float], log: bool) -> Panel:
    """Return the cost of training and validation images by epoch, beside other runs and the published values."""
    series = _series(own, others, "cost")
    if published:
        series.append(Series("Published", list(published), list(published.values()), "published"))
    return Panel("Cost (mean cross-entropy)", series, log=log)


def published_panel(published: Mapping[int, float]) -> Panel:
    """Return the published cost by epoch alone: what a page shows before the first run."""
    return Panel(
        "Cost of the published run", [Series("Published", list(published), list(published.values()), "published")]
    )


def accuracy_panel(own: Curves, *, others: Mapping[str, Curves]) -> Panel:
    """Return the accuracy on training and validation images by epoch, in percent, beside other runs."""
    return Panel("Accuracy in %", _series(own, others, "accuracy", 100))


def _series(own: Curves, others: Mapping[str, Curves], column: str, factor: float = 1) -> list[Series]:
    """Return the curves of a run, and the training curves of others."""
    series = [Series("Training", own.training.passes, factor * own.training[column])]
    if len(own.validation):
        series.append(Series("Validation", own.validation.passes, factor * own.validation[column], "validation"))
    return series + [
        Series(name, other.training.passes, factor * other.training[column], "other", number)
        for number, (name, other) in enumerate(others.items())
    ]


def diagnostics_panels(history: pd.DataFrame) -> list[Panel]:
    """Return the learning rate, the gradient norm of each layer, the share of dead ReLU units, and the objective.

    Dead units are there for ReLU alone, and the objective where it is not the cost.
    """
    panels = [
        Panel("Learning rate", [Series("Learning rate", history.epoch, history.learning_rate)], from_zero=True),
        Panel("Gradient norm of each layer", _by_layer(history, "gradient_norms"), log=True),
    ]
    dead = _by_layer(history, "dead_shares", factor=100)
    if dead:
        panels.append(Panel("Dead ReLU units in %", dead, from_zero=True))
    if history.objective.notna().any():
        panels.append(Panel("Objective of the steps", [Series("Objective", history.epoch, history.objective)]))
    return panels


def _by_layer(history: pd.DataFrame, column: str, factor: float = 1.0) -> list[Series]:
    """Return a curve for each entry of a column that holds lists of equal length."""
    values = factor * np.array(history[column].tolist(), dtype=float).reshape(len(history), -1)
    return [Series(f"Layer {n + 1}", history.epoch, values[:, n], "layer", n) for n in range(values.shape[1])]


def payload(panel: Panel, most_points: int = LIVE_POINTS) -> dict[str, Any]:
    """Return a panel as JSON-ready data; arrays in base64, as plotly.js reads them."""
    return {
        "title": panel.title,
        "log": panel.log,
        "from_zero": panel.from_zero,
        "first_view": _first_view(panel),
        "is_drawable": bool(np.isfinite(_all_values(panel)).any()),
        "ticks": log_ticks(_all_values(panel)) if panel.log else None,
        "series": [_packed(series, most_points) for series in panel.series],
    }


def _all_values(panel: Panel) -> NDArray[np.floating]:
    return np.concatenate([np.asarray(series.y, float) for series in panel.series] or [np.zeros(0)])


def _first_view(panel: Panel) -> dict[str, list[float]] | None:
    """Return the ranges of both axes on which the run itself fills the chart; None where all that there is does.

    Published values reach over 900 epochs: on a chart of all of them, a run that has just begun is a dot.
    """
    if not any(series.role == "published" for series in panel.series):
        return None
    own = [series for series in panel.series if series.role != "published"]
    x = np.concatenate([np.asarray(series.x, float) for series in own] or [np.zeros(0)])
    y = np.concatenate([np.asarray(series.y, float) for series in own] or [np.zeros(0)])
    y = y[np.isfinite(y) & (y > 0)]
    if not len(y):
        return None
    low, high = (np.log10(y.min()), np.log10(y.max())) if panel.log else (y.min(), y.max())
    margin = 0.05 * (high - low) or 0.1
    return {"x": [0.0, float(max(1.0, x.max()))], "y": [float(low - margin), float(high + margin)]}


def _packed(series: Series, most_points: int) -> dict[str, Any]:
    x, y = np.asarray(series.x, "<f4"), np.asarray(series.y, "<f4")
    kept = thin(y, most_points)
    return {
        "name": escape(series.name, quote=False),  # Plotly takes names for HTML
        "role": series.role,
        "number": series.number,
        "points": len(kept),
        "x": {"dtype": "f4", "bdata": _base64(x[kept])},
        "y": {"dtype": "f4", "bdata": _base64(y[kept])},
    }


def _base64(values: NDArray[Any]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")


def thin(values: NDArray[np.floating], most: int) -> NDArray[np.intp]:
    """Return the indices of at most `most` of `values`: the least and the greatest of each of equal stretches.

    So no peak is lost, which an average or every n-th value would hide. First and last are kept.
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    stretches = np.array_split(np.arange(count), max(1, (most - 2) // 2))
    safe = np.nan_to_num(values, nan=np.inf, posinf=np.inf)
    kept = [
        index for stretch in stretches for index in (stretch[safe[stretch].argmin()], stretch[safe[stretch].argmax()])
    ]
    return np.unique([0, *kept, count - 1])
