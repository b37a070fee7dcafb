"""How often each class occurs, training and test set side by side."""

import pandas as pd
import plotly.graph_objects as go

from mnist_core.data.classes import Classes
from mnist_core.figures.theme import BLUE, GREY, VERMILLION, style


def class_distribution(table: pd.DataFrame, classes: Classes) -> go.Figure:
    """Draw shares as bars, so that the two sets compare whatever their sizes; counts are on hover.

    Parameters
    ----------
    table
        From `mnist_core.data.statistics.distribution`.
    classes
        What the classes are called.
    """
    figure = go.Figure()
    for name, colour in (("training", BLUE), ("test", VERMILLION)):
        figure.add_bar(
            x=[classes.names[label] for label in table["digit"]],
            y=table[f"{name}_share"],
            customdata=table[f"{name}_count"],
            name=f"{name} set",
            marker_color=colour,
            hovertemplate=classes.noun + " %{x}: %{customdata:,} images, %{y:.2%}<extra>" + name + " set</extra>",
        )
    figure.add_hline(y=1 / len(table), line_dash="dot", line_color=GREY, annotation_text="even share")
    style(figure, height=360, x=classes.noun, y="share of the set")
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(tickformat=".0%")
    return figure
