"""Images as heatmaps: ten averages at once, the difference of two, where ink ever is, and one image's pixel values."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_core.data.classes import Classes
from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.figures.conventions import DIVERGING, SEQUENTIAL
from mnist_core.figures.theme import VERMILLION, style

_COLUMNS = 5
_PITCH = IMAGE_SHAPE[0] + 2  # an image and the gap after it


def class_heatmaps(images: NDArray[np.floating], meaning: str, classes: Classes) -> go.Figure:
    """Draw one heatmap a class, two rows of five on one colour scale: one picture, so that it stays large on a phone.

    Parameters
    ----------
    images
        float (10, 28, 28), in 0..255; NaN is left blank.
    meaning
        What a colour means, for the scale's title, such as "mean grey level".
    """
    canvas = np.full((_PITCH * (len(images) // _COLUMNS), _PITCH * _COLUMNS), np.nan)
    places = np.zeros((*canvas.shape, 3), object)  # class, row and column of each pixel, for the hover
    figure = go.Figure()
    for label, image in enumerate(images):
        top, left = label // _COLUMNS * _PITCH, label % _COLUMNS * _PITCH
        area = slice(top, top + len(image)), slice(left, left + len(image))
        canvas[area] = np.round(image, 1)
        places[area] = np.stack([np.full(image.shape, classes.names[label], object), *np.indices(image.shape)], -1)
        name = {"text": classes.names[label], "xanchor": "left", "font": {"color": "white"}}
        figure.add_annotation(x=left, y=top + 2.5, showarrow=False, **name)
    figure.add_heatmap(
        z=canvas,
        customdata=places,
        colorscale=SEQUENTIAL,
        zmin=0,
        colorbar=_bar(meaning),
        hoverongaps=False,
        hovertemplate="%{customdata[0]}: row %{customdata[1]}, column %{customdata[2]}, %{z}<extra></extra>",
    )
    return _square(style(figure, height=400))


def difference_heatmap(first: NDArray[np.floating], second: NDArray[np.floating], names: tuple[str, str]) -> go.Figure:
    """Draw `first` - `second`, two images float (28, 28): orange where the first has more ink, else blue."""
    meaning = f"{names[0]} minus {names[1]}"
    difference = np.round(first - second, 1)
    heatmap = go.Heatmap(
        z=difference,
        colorscale=DIVERGING,
        zmid=0,
        colorbar=_bar(f"{meaning} (grey levels)"),
        hovertemplate="row %{y}, column %{x}: %{z}<extra></extra>",
    )
    figure = style(go.Figure(heatmap), height=520)
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
        colorscale=SEQUENTIAL,
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
    return _square(style(figure, height=520))


def pixel_values(image: NDArray[np.uint8]) -> go.Figure:
    """Draw the inked part of one image, uint8 (28, 28), large, with the grey level written into each pixel with ink."""
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
    _square(style(figure, height=480, x="column", y="row"), ticks=True)
    rows, columns = np.nonzero(image)
    if len(rows):
        figure.update_xaxes(range=[columns.min() - 1.5, columns.max() + 1.5])
        figure.update_yaxes(range=[rows.max() + 1.5, rows.min() - 1.5], autorange=False)
    return figure


def _bar(title: str) -> dict[str, object]:
    """Lay the colour scale across the top, where it takes no width from the picture."""
    return {
        "title": {"text": title, "side": "top"},
        "orientation": "h",
        "thickness": 10,
        "outlinewidth": 0,
        "len": 0.6,
        "x": 0.5,
        "y": 1.02,
        "yanchor": "bottom",
    }


def _square(figure: go.Figure, *, ticks: bool = False) -> go.Figure:
    """Make pixels square, with row 0 at the top."""
    figure.update_xaxes(showgrid=False, showticklabels=ticks, ticks="", constrain="domain")
    figure.update_yaxes(showgrid=False, showticklabels=ticks, ticks="", constrain="domain", constraintoward="top")
    figure.update_yaxes(autorange="reversed", scaleanchor="x", automargin=ticks)
    return figure
