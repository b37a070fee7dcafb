"""A chart that is updated every second and keeps its zoom. `st.plotly_chart` rebuilds its node at each change."""

from collections.abc import Sequence
from pathlib import Path

import plotly
import streamlit as st

from mnist_core.figures.live import LIVE_POINTS, Panel, payload

# Plotly's bundle, which the server serves. Its version is part of the address: a browser may keep the file for ever.
PLOTLY_PATH = f"/assets/plotly-{plotly.__version__}.min.js"
_CSS = """
.panels {
  display: grid; gap: 1rem; width: 100%;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
}
.panel { min-width: 0; }
"""
_component = st.components.v2.component(
    "mnist_live_chart",
    html='<div class="panels"></div>',
    css=_CSS,
    js=(Path(__file__).parent / "live_chart.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show(panels: Sequence[Panel], *, run: str, key: str, most_points: int = LIVE_POINTS, height: int = 340) -> None:
    """Draw `panels` side by side, below one another where there is no room.

    Parameters
    ----------
    run
        While it stays the same, so does what the visitor zoomed to.
    most_points
        Each curve is thinned to so many points, without losing a peak.
    """
    _component(
        key=key,
        data={
            "run": run,
            "height": height,
            "plotly": PLOTLY_PATH.removeprefix("/"),
            "panels": [payload(panel, most_points) for panel in panels],
        },
    )
