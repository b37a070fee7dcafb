"""The trail, drawn: every try is a dot that brings it back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
_HTML = """
<div class="trail">
  <div class="plot" role="group" aria-label="The trail: every try as a dot, its setting against its accuracy">
    <div class="band" hidden></div><svg aria-hidden="true"><polyline /></svg>
    <div class="ys" aria-hidden="true"></div>
  </div>
  <div class="xs" aria-hidden="true"></div>
  <p class="axis"></p>
</div>
"""
_component = st.components.v2.component(
    "mnist_playground_trail",
    html=_HTML,
    css=(HERE / "trail.css").read_text(encoding="utf-8"),
    js=(HERE / "trail.js").read_text(encoding="utf-8"),
)


def draw(picture: dict[str, Any], on_chosen: Callable[[], None]) -> None:
    """Draw what `mnist_core.figures.trail` returns. `on_chosen` finds the try in the session's "trail"."""
    _component(key="trail", data=picture, on_chosen_change=on_chosen, height="content")
