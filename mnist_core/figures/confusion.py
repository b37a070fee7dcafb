"""The confusion matrix as a chart whose cells can be clicked."""

from typing import Literal, get_args

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_core.data.classes import DIGITS, Classes
from mnist_core.figures.theme import INK, TRANSPARENT, VERMILLION, style

Unit = Literal["images", "% of row", "% of column"]
UNITS: tuple[Unit, ...] = get_args(Unit)
_GROUND = "rgba(128,138,147,0.12)"
_WHITE_FROM = 0.55  # share of the darkest cell from which text is white; below it is in the theme's text colour


def confusion_chart(
    confusion: NDArray[np.int64],
    *,
    unit: Unit = "images",
    muted: bool = True,
    classes: Classes = DIGITS,
    text_colour: str = "#1D252C",
) -> go.Figure:
    """Draw true classes as rows and predicted classes as columns.

    A click selects a point of the second trace, whose `x` is the predicted and `y` the true class.

    Parameters
    ----------
    confusion
        True classes in rows, int64 (10, 10).
    unit
        What the cells hold: counts, or shares of the true class (row) or of the predicted class (column).
    muted
        Leave the diagonal without colour, so that the errors stand out.
    classes
        What the classes are called.
    text_colour
        Of the numbers in cells of little colour: that of the page's text.
    """
    values = _in_unit(confusion, unit)
    on_diagonal = np.eye(len(confusion), dtype=bool)
    coloured = np.where(on_diagonal, np.nan, values) if muted else values
    darkest = max(float(np.nanmax(coloured)), 1e-9)
    figure = go.Figure()
    figure.add_heatmap(
        z=coloured, colorscale=INK, zmin=0, zmax=darkest, showscale=False, hoverinfo="skip", xgap=1, ygap=1
    )
    white = np.nan_to_num(coloured) >= _WHITE_FROM * darkest
    _make_clickable(figure, confusion, classes)
    texts = _texts(confusion, values, unit)
    _write(figure, texts, ~white, text_colour)
    _write(figure, texts, white, "white")
    style(figure, height=470, x=f"predicted {classes.noun}", y=f"true {classes.noun}")
    figure.update_layout(hovermode="closest", hoverdistance=-1, showlegend=False, plot_bgcolor=_GROUND, dragmode=False)
    ticks = {"tickvals": list(range(len(classes.names))), "ticktext": classes.names}
    axis = {"showgrid": False, **ticks, "autorange": False, "constrain": "domain", "ticks": ""}
    figure.update_xaxes(range=[-0.5, 9.5], side="top", **axis)
    figure.update_yaxes(range=[9.5, -0.5], scaleanchor="x", **axis)
    return figure


def _in_unit(confusion: NDArray[np.int64], unit: Unit) -> NDArray[np.floating]:
    if unit == "images":
        return confusion.astype(float)
    totals = confusion.sum(axis=1 if unit == "% of row" else 0, keepdims=True)
    return np.divide(100 * confusion, totals, out=np.zeros(confusion.shape), where=totals > 0)


def _texts(confusion: NDArray[np.int64], values: NDArray[np.floating], unit: Unit) -> NDArray[np.str_]:
    """Write each cell's value; nothing where there is no image."""
    digits = 0 if unit == "images" else 1
    return np.array(
        [f"{value:.{digits}f}" if count else "" for count, value in zip(confusion.flat, values.flat, strict=True)]
    )


def _write(figure: go.Figure, texts: NDArray[np.str_], chosen: NDArray[np.bool_], colour: str) -> None:
    rows, columns = np.nonzero(chosen)
    figure.add_scatter(
        x=columns,
        y=rows,
        text=texts[chosen.ravel()],
        mode="text",
        textfont={"color": colour, "size": 13},
        # Otherwise a click on a cell fades the numbers of all others.
        unselected={"textfont": {"color": colour}},
        hoverinfo="skip",
    )


def _make_clickable(figure: go.Figure, confusion: NDArray[np.int64], classes: Classes) -> None:
    """Lay a transparent marker over each cell: Plotly reports clicks on points, not on cells of a heatmap."""
    rows, columns = np.indices(confusion.shape).reshape(2, -1)
    names = np.array(classes.names, object)
    of_row = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    of_column = confusion / np.maximum(confusion.sum(axis=0, keepdims=True), 1)
    figure.add_scatter(
        x=columns,
        y=rows,
        mode="markers",
        marker={"size": 30, "symbol": "square", "color": TRANSPARENT},
        selected={"marker": {"color": VERMILLION}},
        unselected={"marker": {"opacity": 1}},
        customdata=np.stack(
            [a.ravel() for a in (confusion, of_row, of_column)] + [names[rows], names[columns]], axis=-1
        ),
        hovertemplate=f"true {classes.noun} %{{customdata[3]}}, predicted %{{customdata[4]}}: "
        "%{customdata[0]:,} images<br>"
        "%{customdata[1]:.2%} of the row, %{customdata[2]:.2%} of the column<extra></extra>",
    )
