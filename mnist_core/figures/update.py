"""What one step of learning does: sums term by term, the cost of a probability, step sizes, layers compared."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mnist_core.figures.conventions import NEGATIVE, POSITIVE, log_axis
from mnist_core.figures.theme import BLUE, GREEN, GREY, VERMILLION, style

_COLOURS = (VERMILLION, BLUE)
_NETWORK_COLOURS = {"before": GREY, "lesson": VERMILLION, "remedy": BLUE}


def sum_of_terms(names: Sequence[str], values: Sequence[float], total_name: str, total: float) -> go.Figure:
    """Draw how terms add up to a total: each bar begins where the one before it ended."""
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[*names, total_name],
            x=[*values, total],
            measure=["relative"] * len(names) + ["total"],
            text=[f"{value:+.3g}" for value in values] + [f"{total:.3g}"],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
            increasing={"marker": {"color": POSITIVE}},
            decreasing={"marker": {"color": NEGATIVE}},
            totals={"marker": {"color": GREY}},
            connector={"line": {"color": GREY, "width": 1}},
        )
    )
    style(figure, height=70 + 30 * (len(names) + 1))
    ends = np.cumsum(values)
    low, high = min(0.0, float(ends.min()), total), max(0.0, float(ends.max()), total)
    room = 0.2 * (high - low or 1.0)
    figure.update_xaxes(range=[low - room, high + room], fixedrange=True)
    return figure.update_yaxes(type="category", autorange="reversed", showgrid=False, fixedrange=True)


def cost_of_probability(probability: float) -> go.Figure:
    """Draw -ln p for every probability p of the truth, and mark one."""
    p = np.geomspace(1e-3, 1, 200)
    figure = go.Figure(go.Scatter(x=p, y=-np.log(p), mode="lines", line_color=BLUE, hoverinfo="skip"))
    shown = max(probability, 1e-3)
    figure.add_scatter(
        x=[shown],
        y=[-np.log(shown)],
        mode="markers",
        marker={"color": VERMILLION, "size": 13},
        hovertemplate=f"probability {probability:.4g}: cost {-np.log(max(probability, 1e-300)):.4g}<extra></extra>",
    )
    style(figure, height=260, x="probability of the truth", y="cost")
    figure.update_layout(showlegend=False)
    figure.update_xaxes(range=[-0.02, 1.02], tickformat=".0%", fixedrange=True)
    return figure.update_yaxes(fixedrange=True)


def step_sizes(curve: pd.DataFrame, names: Mapping[str, str], learning_rate: float) -> go.Figure:
    """Draw the cost after one step against its size, both on log axes, and mark one size.

    Parameters
    ----------
    curve
        `learning_rate` and the columns of `names`.
    names
        Column -> what the line is called.
    """
    figure = go.Figure()
    for (column, name), colour, dash in zip(names.items(), _COLOURS, ("solid", "dash"), strict=False):
        figure.add_scatter(
            x=curve["learning_rate"],
            y=curve[column].clip(lower=1e-6),
            customdata=curve[column],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash},
            hovertemplate="step of %{x:.3g}: cost %{customdata:.4g}<extra>" + name + "</extra>",
        )
    figure.add_vline(x=learning_rate, line={"color": GREEN, "width": 2})
    style(figure, height=380, x="learning rate", y="cost after one step")
    figure.update_layout(xaxis_fixedrange=True, yaxis_fixedrange=True)
    log_axis(figure, "x", curve["learning_rate"])
    return log_axis(figure, "y", curve[list(names)].clip(lower=1e-6))


def layer_bars(table: pd.DataFrame, names: Mapping[str, str], meaning: str, *, log: bool) -> go.Figure:
    """Draw one bar a layer for each of some networks.

    Parameters
    ----------
    table
        `layer` and the columns of `names`.
    names
        "before", "lesson" or "remedy" -> what the network is called.
    meaning
        Title of the axis.
    log
        Whether the axis is logarithmic (a 0 has no bar then, only its number); otherwise it shows shares in per cent.
    """
    figure = go.Figure()
    values = table[list(names)].to_numpy()
    floor = float(values[values > 0].min(initial=1.0)) / 10 if log else 0.0
    for column, name in names.items():
        figure.add_bar(
            x=table["layer"],
            y=table[column].clip(lower=floor),
            name=name,
            customdata=table[column],
            marker_color=_NETWORK_COLOURS[column],
            text=[f"{value:.1g}" if log else f"{value:.0%}" for value in table[column]],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="layer %{x}: %{customdata:.3g}<extra>" + name + "</extra>",
        )
    style(figure, height=320, x="layer, from the image to the answer", y=meaning)
    figure.update_xaxes(dtick=1, showgrid=False, fixedrange=True)
    if not log:
        return figure.update_yaxes(range=[0, 1.05], tickformat=".0%", fixedrange=True)
    span = [np.log10(floor), np.log10(values.max() * 3)]
    figure.update_yaxes(range=span, fixedrange=True)
    return log_axis(figure, "y", [floor, values.max()])
