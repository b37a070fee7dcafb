"""Reliability diagrams, and risk against coverage."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from mnist_core.figures.conventions import log_axis
from mnist_core.figures.theme import BLUE, GREY, VERMILLION, style

_COLOURS = (BLUE, VERMILLION)
_SYMBOLS = ("circle", "diamond")


def reliability_diagram(tables: Mapping[str, pd.DataFrame]) -> go.Figure:
    """Draw accuracy against confidence, one line a table: on the dotted line, probabilities mean what they say.

    Parameters
    ----------
    tables
        Name -> table of `mnist_core.evaluation.calibration.reliability`; two at most.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": GREY, "dash": "dot"}, name="calibrated", hoverinfo="skip"
    )
    for (name, table), colour, symbol in zip(tables.items(), _COLOURS, _SYMBOLS, strict=False):
        shown = table[table["count"] > 0]
        figure.add_scatter(
            x=shown["confidence"],
            y=shown["accuracy"],
            customdata=shown["count"],
            name=name,
            mode="lines+markers",
            line_color=colour,
            marker={"symbol": symbol, "size": 8},
            hovertemplate="%{customdata:,} answers: mean confidence %{x:.1%}, %{y:.1%} right<extra>"
            + name
            + "</extra>",
        )
    style(figure, height=380, x="mean confidence of the answers", y="share of them that is right")
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    figure.update_yaxes(range=[-0.02, 1.02], tickformat=".0%")
    return figure


def confidence_counts(tables: Mapping[str, pd.DataFrame]) -> go.Figure:
    """Draw how many answers were given with how much confidence, on a log axis; `tables` as above."""
    figure = go.Figure()
    for (name, table), colour in zip(tables.items(), _COLOURS, strict=False):
        figure.add_bar(
            x=(table["low"] + table["high"]) / 2,
            y=table["count"].where(table["count"] > 0),
            customdata=table[["low", "high"]],
            name=name,
            marker_color=colour,
            hovertemplate="%{customdata[0]:.0%} to %{customdata[1]:.0%}: %{y:,} answers<extra>" + name + "</extra>",
        )
    style(figure, height=220, x="confidence", y="answers")
    figure.update_layout(showlegend=False, bargap=0.1)
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    return log_axis(figure, "y", [1, *(table["count"].max() for table in tables.values())])


def risk_coverage_chart(table: pd.DataFrame, error_rate: float) -> go.Figure:
    """Draw the share of errors among the images read automatically, against how many are.

    Parameters
    ----------
    table
        Of `mnist_core.evaluation.coverage.risk_coverage`.
    error_rate
        The highest share that is allowed, in [0, 1], drawn as a line.
    """
    figure = go.Figure(
        go.Scatter(
            x=table["coverage"],
            y=table["risk"],
            customdata=table["threshold"],
            mode="lines",
            line={"color": BLUE, "width": 2},
            hovertemplate="%{x:.1%} read, %{y:.2%} of them wrongly<br>accepting from %{customdata:.1%}<extra></extra>",
        )
    )
    figure.add_hline(y=error_rate, line_dash="dot", line_color=VERMILLION, annotation_text="allowed")
    style(figure, height=360, x="share of the images read automatically", y="errors among them")
    figure.update_xaxes(range=[0, 1.01], tickformat=".0%")
    figure.update_yaxes(tickformat=".1%", rangemode="tozero")
    return figure
