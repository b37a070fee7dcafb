"""A training run in snapshots: how accurate the network was at each, with the one that is shown marked."""

from collections.abc import Sequence

import plotly.graph_objects as go

from mnist_core.figures.theme import BLUE, VERMILLION, style


def accuracy_of_snapshots(epochs: Sequence[int], accuracies: Sequence[float], shown: int) -> go.Figure:
    """Draw the accuracy at each snapshot, at equal distances.

    Parameters
    ----------
    epochs
        After how many passes each was taken.
    accuracies
        In [0, 1].
    shown
        The one of `epochs` to be marked.
    """
    figure = go.Figure()
    hover = "after %{x} epochs: %{y:.2%}<extra></extra>"
    names = [f"{epoch:,}" for epoch in epochs]
    figure.add_scatter(x=names, y=accuracies, mode="lines+markers", line_color=BLUE, hovertemplate=hover)
    figure.add_scatter(
        x=[f"{shown:,}"],
        y=[accuracies[list(epochs).index(shown)]],
        mode="markers",
        marker={"color": VERMILLION, "size": 14},
        hovertemplate=hover,
    )
    style(figure, height=240, x="epochs", y="accuracy")
    figure.update_layout(showlegend=False)
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=names, fixedrange=True)
    return figure.update_yaxes(tickformat=".0%", fixedrange=True)
