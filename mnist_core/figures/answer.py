"""A network's answer for one image: the probability of each class."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_core.data.classes import DIGITS, Classes
from mnist_core.figures.theme import BLUE, GREEN, VERMILLION, style

_OTHER = "rgba(128,138,147,0.55)"


def answer_bars(probabilities: NDArray[np.floating], true: int, classes: Classes = DIGITS) -> go.Figure:
    """Draw ten bars, each with its percentage: a right answer green; a wrong one vermillion and the truth blue.

    Parameters
    ----------
    probabilities
        Shape (10,), summing to 1.
    true
        The image's class.
    classes
        What the classes are called.
    """
    answer = int(probabilities.argmax())
    colours = [_OTHER] * len(probabilities)
    colours[answer] = VERMILLION
    colours[true] = GREEN if answer == true else BLUE
    figure = go.Figure(
        go.Bar(
            x=probabilities,
            y=list(classes.names),
            orientation="h",
            marker_color=colours,
            text=[f"{100 * p:.1f} %" for p in probabilities],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=classes.noun + " %{y}: %{x:.4%}<extra></extra>",
        )
    )
    style(figure, height=300, y=classes.noun)
    figure.update_xaxes(range=[0, 1.18], showticklabels=False, showgrid=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure
