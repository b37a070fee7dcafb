"""Images as heatmaps: ten averages at once, the difference of two, where ink ever is, and one image's pixel values."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from mnist_core.figures.theme import DIVERGING, VERMILLION, style

_COLUMNS = 5
_SCALE = "Cividis"
_COLORBAR = {"thickness": 12, "outlinewidth": 0}


def class_heatmaps(images: NDArray[np.floating], meaning: str) -> go.Figure:
    """Draw one heatmap a class, two rows of five with one colour scale.

    Parameters
    ----------
    images
        float (10, 28, 28), in 0..255; NaN is left blank.
    meaning
        What a colour means, for the scale's title, such as "mean grey level".
    """
    titles = [str(label) for label in range(len(images))]
    figure = make_subplots(2, _COLUMNS, subplot_titles=titles, horizontal_spacing=0.02, vertical_spacing=0.09)
    for label, image in enumerate(images):
        heatmap = go.Heatmap(
            z=np.round(image, 1), coloraxis="coloraxis", hovertemplate=_hover(meaning), name=str(label)
        )
        figure.add_trace(heatmap, row=label // _COLUMNS + 1, col=label % _COLUMNS + 1)
    style(figure, height=430)
    _square(figure)
    figure.update_layout(coloraxis={"colorscale": _SCALE, "cmin": 0, "colorbar": _bar(meaning)})
    return figure


def difference_heatmap(first: NDArray[np.floating], second: NDArray[np.floating], names: tuple[str, str]) -> go.Figure:
    """Draw `first` - `second`, two images float (28, 28): red where the first has more ink, blue where the second."""
    meaning = f"{names[0]} minus {names[1]}"
    difference = np.round(first - second, 1)
    heatmap = go.Heatmap(
        z=difference, colorscale=DIVERGING, zmid=0, colorbar=_bar(meaning), hovertemplate=_hover(meaning), name=""
    )
    figure = style(go.Figure(heatmap), height=430)
    return _square(figure)


def ink_map(frequency: NDArray[np.floating]) -> go.Figure:
    """Draw in what share of the images each pixel has ink, on a log scale, and mark the pixels that never have.

    Parameters
    ----------
    frequency
        float (28, 28), in [0, 1].
    """
    never = frequency == 0
    figure = go.Figure()
    figure.add_heatmap(
        z=np.log10(np.where(never, np.nan, frequency)),
        customdata=frequency,
        colorscale=_SCALE,
        colorbar=_bar("images with ink")
        | {"tickvals": [0, -1, -2, -3, -4], "ticktext": ["100 %", "10 %", "1 %", "0.1 %", "0.01 %"]},
        hovertemplate="row %{y}, column %{x}: ink in %{customdata:.3%} of the images<extra></extra>",
    )
    figure.add_heatmap(
        z=np.where(never, 1.0, np.nan),
        colorscale=[(0, VERMILLION), (1, VERMILLION)],
        showscale=False,
        hovertemplate="row %{y}, column %{x}: never any ink<extra></extra>",
    )
    return _square(style(figure, height=430))


def pixel_values(image: NDArray[np.uint8]) -> go.Figure:
    """Draw one image, uint8 (28, 28), large, with the grey level written into each pixel that has ink."""
    figure = go.Figure(
        go.Heatmap(
            z=image,
            text=np.where(image > 0, image.astype(str), ""),
            texttemplate="%{text}",
            colorscale="Greys_r",
            zmin=0,
            zmax=255,
            showscale=False,
            hovertemplate="row %{y}, column %{x}: %{z}<extra></extra>",
        )
    )
    return _square(style(figure, height=560, x="column", y="row"), ticks=True)


def _hover(meaning: str) -> str:
    return "row %{y}, column %{x}: " + meaning + " %{z}<extra>%{fullData.name}</extra>"


def _bar(title: str) -> dict[str, object]:
    return _COLORBAR | {"title": {"text": title, "side": "right"}}


def _square(figure: go.Figure, *, ticks: bool = False) -> go.Figure:
    """Make pixels square, with row 0 at the top."""
    figure.update_xaxes(showgrid=False, showticklabels=ticks, constrain="domain")
    figure.update_yaxes(showgrid=False, showticklabels=ticks, autorange="reversed", constrain="domain")
    figure.for_each_yaxis(lambda axis: axis.update(scaleanchor=axis.anchor))
    return figure
