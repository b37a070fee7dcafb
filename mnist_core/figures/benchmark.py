"""Bars of how long each library takes, as a Plotly figure, and as a small SVG file for a README."""

from html import escape

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mnist_core.figures.theme import BLUE, GREY, style

_BAR_PX, _TITLE_PX, _LABEL_PX, _WIDTH_PX, _BARS_PX = 18, 26, 130, 640, 400
# Grey in the middle between black and white, to be read on both.
_TEXT = "#768390"


def duration_bars(table: pd.DataFrame) -> go.Figure:
    """Return a panel of bars for each task.

    Parameters
    ----------
    table
        Columns "task", "label", "median_s", "least_s", "greatest_s", and "ours": whether the bar is this network's.
    """
    tasks = list(dict.fromkeys(table.task))
    counts = [int((table.task == task).sum()) for task in tasks]
    figure = make_subplots(rows=max(1, len(tasks)), cols=1, subplot_titles=tasks, row_heights=counts or None)
    for row, task in enumerate(tasks, start=1):
        bars = table[table.task == task][::-1]
        figure.add_trace(
            go.Bar(
                x=bars.median_s,
                y=bars.label,
                orientation="h",
                text=[readable_duration(seconds) for seconds in bars.median_s],
                textposition="outside",
                cliponaxis=False,
                marker_color=[BLUE if ours else GREY for ours in bars.ours],
                error_x={
                    "array": bars.greatest_s - bars.median_s,
                    "arrayminus": bars.median_s - bars.least_s,
                    "color": _TEXT,
                    "thickness": 1,
                },
                hovertemplate="%{y}: %{text}<extra></extra>",
            ),
            row=row,
            col=1,
        )
    style(figure, height=80 + 28 * sum(counts) + 60 * len(tasks))
    figure.update_layout(showlegend=False, margin={"l": 8, "r": 80, "t": 40, "b": 8})
    return figure.update_xaxes(title_text="", showticklabels=False, showgrid=False, rangemode="tozero")


def duration_svg(table: pd.DataFrame) -> str:
    """Return the same bars as the text of an SVG file without scripts, readable on light and dark pages."""
    lines, y = [], 0
    for task, bars in table.groupby("task", sort=False):
        lines.append(_text(0, y + 16, str(task), "bold"))
        y += _TITLE_PX
        for bar in bars.itertuples():
            width = max(1.0, _BARS_PX * bar.median_s / bars.median_s.max())
            colour = BLUE if bar.ours else GREY
            lines.append(_text(_LABEL_PX - 8, y + 13, bar.label, anchor="end"))
            lines.append(f'<rect x="{_LABEL_PX}" y="{y + 2}" width="{width:.1f}" height="14" fill="{colour}"/>')
            lines.append(_text(_LABEL_PX + width + 6, y + 13, readable_duration(bar.median_s)))
            y += _BAR_PX
        y += 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH_PX} {y}" width="{_WIDTH_PX}" height="{y}" '
        f'font-family="sans-serif" font-size="12" role="img" aria-label="Durations, shorter is faster">\n'
        + "\n".join(lines)
        + "\n</svg>\n"
    )


def _text(x: float, y: float, text: str, weight: str = "normal", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y}" text-anchor="{anchor}" font-weight="{weight}" fill="{_TEXT}"'
    return f"<text {place}>{escape(text)}</text>"


def readable_duration(seconds: float) -> str:
    """Return three digits with the unit that suits: s, ms or µs."""
    for factor, unit in ((1.0, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{_three_digits(seconds * factor)} {unit}"
    return f"{_three_digits(seconds * 1e6)} µs"


def _three_digits(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
