"""The living network: units, weights and an image that flows through, drawn from the network's real numbers."""

from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
_LONGEST = 12
_HTML = """
<div class="living">
  <div class="stage" role="group" aria-label="The network, from the pixels to the answer">
    <canvas class="ink" width="28" height="28" role="img"></canvas>
    <canvas class="lines" aria-hidden="true"></canvas>
    <div class="columns"></div>
  </div>
  <ul class="legend">
    <li><i class="line positive"></i>positive weight</li>
    <li><i class="line negative"></i>negative weight: the wider the line, the larger the weight</li>
    <li class="moving"><i class="dot"></i>moving dots: weight times input; the larger the dot, the more</li>
    <li><i class="unit dark"></i><i class="unit bright"></i>the brighter a unit, the larger its activation</li>
    <li class="below"><i class="unit blue"></i>a negative activation</li>
    <li><i class="bar"></i>probability; <i class="bar first"></i>the answer</li>
    <li><b>Choose a unit</b> to see its lines alone and what it adds up.</li>
  </ul>
</div>
"""
_component = st.components.v2.component(
    "mnist_living_network",
    html=_HTML,
    css=(HERE / "living_network.css").read_text(encoding="utf-8"),
    js=(HERE / "living_network.js").read_text(encoding="utf-8"),
)


def show(picture: dict[str, Any], *, key: str, linked: str = "") -> tuple[int, int] | None:
    """Draw `picture`, as `mnist_core.figures.living_network` returns it; return the chosen layer and unit, if any.

    Layer 1 is the first hidden layer; the last one has the classes. `linked` is the unit to begin with, such as "1:5".
    """
    data = {**picture, "chosen": linked}
    said = _component(key=key, data=data, default={"unit": linked}, on_unit_change=lambda: None, height="content").unit
    place = _parse(said)
    is_drawn = place and place[0] <= len(picture["layers"]) and place[1] in picture["layers"][place[0] - 1]["units"]
    return place if is_drawn else None


def chosen(key: str) -> tuple[int, int] | None:
    """Return the layer and unit that were chosen by now in the picture of this key, before it is drawn again."""
    state = st.session_state.get(key)
    return _parse(state.get("unit")) if state else None


def _parse(said: object) -> tuple[int, int] | None:
    """Return layer and unit from what stands for them, such as "1:5"; None if it does not."""
    layer, colon, unit = str(said or "").partition(":")
    if not (colon and layer.isdecimal() and unit.isdecimal() and len(layer + unit) < _LONGEST and int(layer)):
        return None
    return int(layer), int(unit)
