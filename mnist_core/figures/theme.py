"""Colours and layout that all figures share, readable on white and on black.

The categorical colours are Okabe and Ito's (2008), which people with any kind of colour blindness can tell apart. Only
those with a contrast of about 3:1 or more against both a white and a near-black page are used for lines.
"""

import plotly.graph_objects as go

BLUE, VERMILLION, GREEN, PINK, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#808A93"
CATEGORICAL = (BLUE, VERMILLION, GREEN, PINK, GREY)
# One colour for each class, for maps with all ten; a legend or a label always names the class as well.
DIGITS = (BLUE, VERMILLION, GREEN, PINK, "#E69F00", "#56B4E9", "#A08A00", "#8F5BD6", GREY, "#B04A5A")
# Ink on paper: transparent where there is none, so that it fits both themes.
INK = ((0.0, "rgba(0,114,178,0)"), (1.0, "rgba(0,114,178,1)"))
GRID = "rgba(128,138,147,0.25)"
TRANSPARENT = "rgba(0,0,0,0)"


def style(figure: go.Figure, *, height: int, x: str = "", y: str = "") -> go.Figure:
    """Give `figure` the shared look: transparent, quiet grid, small margins, axis titles. Returns the same figure."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 24, "b": 8},
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0},
    )
    figure.update_xaxes(title_text=x, gridcolor=GRID, zeroline=False, automargin=True)
    figure.update_yaxes(title_text=y, gridcolor=GRID, zeroline=False, automargin=True)
    return figure
