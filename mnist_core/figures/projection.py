"""A map of images as a scatter chart, one colour and one symbol for each class."""

import numpy as np
import plotly.graph_objects as go

from mnist_core.data.classes import Classes
from mnist_core.data.projection import Projection
from mnist_core.figures.theme import DIGITS, style

# Ten colours cannot all be told apart by everyone, so each class has a symbol too.
_SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "triangle-down", "star", "hexagon", "bowtie")


def image_map(projection: Projection, classes: Classes) -> go.Figure:
    """Draw each image as a point; `customdata` of a point is the image's index in its split."""
    figure = go.Figure()
    for label in np.unique(projection.labels):
        chosen = projection.labels == label
        figure.add_scatter(
            x=np.round(projection.positions[chosen, 0], 3),
            y=np.round(projection.positions[chosen, 1], 3),
            customdata=projection.indices[chosen],
            name=classes.names[label],
            mode="markers",
            marker={"color": DIGITS[label], "symbol": _SYMBOLS[label], "size": 6, "opacity": 0.8},
            hovertemplate=classes.noun + " %{fullData.name}, image %{customdata}<extra></extra>",
        )
    first, second = projection.variance_shares
    style(figure, height=560, x=f"first direction ({first:.1%} of the variance)", y=f"second direction ({second:.1%})")
    figure.update_layout(dragmode="lasso", legend_title_text=classes.noun)
    return figure
