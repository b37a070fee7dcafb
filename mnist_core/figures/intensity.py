"""How grey the pixels are: the share of pixels at each grey level, on a log axis."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_core.data.classes import Classes
from mnist_core.figures.theme import DIGITS, GREY, style


def intensity_histogram(histograms: NDArray[np.int64], chosen: Sequence[int], classes: Classes) -> go.Figure:
    """Draw all images together as an area and each class that was `chosen` as a line of its own.

    Parameters
    ----------
    histograms
        Pixels at each grey level, int64 (10, 256), from `mnist_core.data.statistics.intensity_histograms`.
    classes
        What the classes are called.
    """
    figure = go.Figure()
    _add(figure, histograms.sum(axis=0), "all images", GREY)
    figure.data[0].fill = "tozeroy"
    for label in chosen:
        _add(figure, histograms[label], classes.caption(label), DIGITS[label])
    style(figure, height=360, x="grey level (0 = paper, 255 = ink)", y="share of pixels")
    figure.update_xaxes(range=[-0.5, 255.5], tickvals=[0, 50, 100, 150, 200, 255], showgrid=False)
    figure.update_yaxes(type="log", tickformat="~%", dtick=1)
    return figure


def _add(figure: go.Figure, counts: NDArray[np.int64], name: str, colour: str) -> None:
    figure.add_scatter(
        x=np.arange(len(counts)),
        # A log axis has no place for 0: a level that does not occur leaves a gap.
        y=np.where(counts > 0, counts / max(counts.sum(), 1), np.nan),
        name=name,
        mode="lines",
        line={"color": colour, "width": 1.5, "shape": "hvh"},
        hovertemplate="grey level %{x}: %{y:.3%} of the pixels<extra>" + name + "</extra>",
    )
