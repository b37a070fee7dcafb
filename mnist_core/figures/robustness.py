"""How accuracy falls as images get worse."""

import pandas as pd
import plotly.graph_objects as go

from mnist_core.figures.theme import BLUE, GREY, style


def robustness_curve(curve: pd.DataFrame, axis: str) -> go.Figure:
    """Draw the accuracy over the levels of one distortion.

    Parameters
    ----------
    curve
        Columns `level` and `accuracy` in [0, 1].
    axis
        What a level means.
    """
    figure = go.Figure(
        go.Scatter(
            x=curve["level"],
            y=curve["accuracy"],
            mode="lines+markers",
            line={"color": BLUE, "width": 2},
            hovertemplate="%{x}: %{y:.2%} right<extra></extra>",
        )
    )
    figure.add_hline(y=0.1, line_dash="dot", line_color=GREY, annotation_text="guessing")
    style(figure, height=280, x=axis, y="accuracy")
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    figure.update_xaxes(tickvals=curve["level"])
    return figure
