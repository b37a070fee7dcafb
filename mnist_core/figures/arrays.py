"""Arrays of a network as heatmaps whose every cell tells its value: images, layers, kernels, numbers of classes."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_core.figures.conventions import DIVERGING, FRAME, SEQUENTIAL
from mnist_core.figures.theme import style

_DIGITS = ".6g"
_CELL_PX = 30
_MOST_PX = 460


def image_values(image: NDArray[np.floating], *, signed: bool) -> go.Figure:
    """Draw an image, shape (28, 28): ink, or one number for each pixel (`signed`: 0 dark, blue below, orange above)."""
    hover = f"row %{{y}}, column %{{x}}: %{{z:{_DIGITS}}}<extra></extra>"
    figure = go.Figure(_heatmap(image, signed, hovertemplate=hover))
    return _square(style(figure, height=330))


def unit_values(values: NDArray[np.floating], *, signed: bool, chosen: int | None = None) -> go.Figure:
    """Draw one number for each unit of a layer, shape (units,), in rows from left to right, top to bottom.

    Parameters
    ----------
    chosen
        Unit to be framed.
    """
    width = _row_length(len(values))
    rows = -(-len(values) // width)
    padded = np.full(rows * width, np.nan)
    padded[: len(values)] = values
    units = np.arange(rows * width).reshape(rows, width)
    hover = f"unit %{{customdata}}: %{{z:{_DIGITS}}}<extra></extra>"
    figure = go.Figure(
        _heatmap(padded.reshape(rows, width), signed, customdata=units, hovertemplate=hover, xgap=1, ygap=1)
    )
    if chosen is not None:
        row, column = divmod(chosen, width)
        frame = {"color": FRAME, "width": 3}
        figure.add_shape(x0=column - 0.5, x1=column + 0.5, y0=row - 0.5, y1=row + 0.5, line=frame)
    return _square(style(figure, height=int(min(_MOST_PX, 60 + rows * 2 * _CELL_PX * 8 / width))))


def kernel_values(kernel: NDArray[np.floating]) -> go.Figure:
    """Draw a whole kernel, shape (fan_in, fan_out): a row for each input, a column for each unit."""
    hover = f"from %{{y}} to unit %{{x}}: %{{z:{_DIGITS}}}<extra></extra>"
    figure = go.Figure(_heatmap(kernel, True, hovertemplate=hover))
    style(figure, height=_MOST_PX, x="unit", y="input")
    return figure.update_yaxes(autorange="reversed", showgrid=False).update_xaxes(showgrid=False)


def class_rows(rows: Mapping[str, NDArray[np.floating]], label: int, *, signed: bool) -> go.Figure:
    """Draw some numbers for each of the ten classes, a row each, written into the cells.

    Parameters
    ----------
    rows
        Name -> shape (10,).
    label
        The class that the image is to be read as; its column is framed.
    """
    values = np.stack(list(rows.values()))
    names = list(rows)
    figure = go.Figure(
        _heatmap(
            values,
            signed,
            y=names,
            text=np.vectorize(lambda value: f"{value:.2f}")(values),
            texttemplate="%{text}",
            hovertemplate=f"%{{y}} of %{{x}}: %{{z:{_DIGITS}}}<extra></extra>",
            xgap=1,
            ygap=2,
            showscale=False,
        )
    )
    figure.add_shape(x0=label - 0.5, x1=label + 0.5, y0=-0.5, y1=len(names) - 0.5, line={"color": FRAME, "width": 3})
    style(figure, height=70 + 50 * len(names))
    figure.update_xaxes(dtick=1, showgrid=False, side="top", fixedrange=True)
    return figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True)


def _heatmap(values: NDArray[np.floating], signed: bool, **settings: object) -> go.Heatmap:
    scale: dict[str, object] = {"colorscale": SEQUENTIAL, "zmin": 0, "zmax": float(np.nanmax(values)) or 1.0}
    if signed:
        extreme = float(np.nanmax(np.abs(values))) or 1.0
        scale = {"colorscale": DIVERGING, "zmin": -extreme, "zmax": extreme}
    bar = {"thickness": 10, "outlinewidth": 0, "tickformat": ".2g"}
    return go.Heatmap(**{"z": values, "colorbar": bar, **scale, **settings})


def _row_length(count: int) -> int:
    """Return 16, or for very many units such a power of two that the picture is about square."""
    width = 16
    while width * width * 2 <= count:
        width *= 2
    return min(width, count)


def _square(figure: go.Figure) -> go.Figure:
    """Make cells square, with row 0 at the top, and keep a thumb that scrolls from zooming."""
    hidden = {"showgrid": False, "showticklabels": False, "constrain": "domain", "fixedrange": True, "ticks": ""}
    figure.update_xaxes(**hidden)
    return figure.update_yaxes(autorange="reversed", scaleanchor="x", **hidden)
