"""When an image is no longer read: its probability as it is moved, turned and thickened."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mnist_core.data.classes import Classes
from mnist_core.evaluation.breaking import Curve
from mnist_core.figures.theme import BLUE, GREY, VERMILLION, style

_AXES = {
    "right_px": "moved right, px",
    "down_px": "moved down, px",
    "turn_deg": "turned clockwise, degrees",
    "thicken_px": "thickened, px",
}


def breaking_chart(curves: Sequence[Curve], label: int, now: Sequence[float], classes: Classes) -> go.Figure:
    """Draw one curve for each kind of change; a cross marks where another class is read.

    Parameters
    ----------
    label
        The class whose probability is drawn.
    now
        Where each slider stands, marked by a line.
    """
    figure = make_subplots(2, 2, shared_yaxes=True, horizontal_spacing=0.06, vertical_spacing=0.22)
    for index, (curve, at) in enumerate(zip(curves, now, strict=True)):
        place = {"row": index // 2 + 1, "col": index % 2 + 1}
        right = curve.answers == label
        figure.add_scatter(
            x=curve.amounts,
            y=curve.probabilities,
            customdata=[classes.names[answer] for answer in curve.answers],
            mode="lines+markers",
            line_color=BLUE,
            marker={
                "color": [BLUE if one else VERMILLION for one in right],
                "symbol": ["circle" if one else "x" for one in right],
                "size": 7,
            },
            hovertemplate="%{x}: " + f"{classes.names[label]} with " + "%{y:.1%}, read as %{customdata}<extra></extra>",
            **place,
        )
        figure.add_vline(x=at, line_dash="dot", line_color=GREY, **place)
    style(figure, height=420)
    for index, curve in enumerate(curves):
        figure.update_xaxes(title_text=_AXES[curve.change], row=index // 2 + 1, col=index % 2 + 1)
    figure.update_yaxes(range=[-0.03, 1.03], tickformat=".0%")
    figure.update_layout(showlegend=False)
    return figure
