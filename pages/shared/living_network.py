"""The living network: units, weights and an image that flows through, drawn from the network's real numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
_HTML = """
<div class="living">
  <div class="stage" role="group" aria-label="The network, from the pixels to the answer">
    <canvas class="ink" width="28" height="28" role="img"></canvas>
    <canvas class="lines" aria-hidden="true"></canvas>
    <div class="columns"></div>
  </div>
  <p class="legend">
    <i class="positive"></i> positive weight <i class="negative"></i> negative weight: the wider the line, the larger
    the weight. The brighter a unit, the larger its activation. Choose a unit to see what it adds up.
  </p>
</div>
"""
_component = st.components.v2.component(
    "mnist_living_network",
    html=_HTML,
    css=(HERE / "living_network.css").read_text(encoding="utf-8"),
    js=(HERE / "living_network.js").read_text(encoding="utf-8"),
)


def show(
    picture: dict[str, Any], *, key: str, chosen: str = "", on_change: Callable[[], None] = lambda: None
) -> tuple[int, int] | None:
    """Draw `picture`, as `mnist_core.figures.living_network` returns it; return the chosen layer and unit, if any.

    Layer 1 is the first hidden layer; the last one has the classes. `chosen` is the unit to begin with, such as "1:5".
    """
    data = {**picture, "chosen": chosen}
    said = _component(key=key, data=data, default={"unit": chosen}, on_unit_change=on_change, height="content").unit
    layer, colon, unit = str(said or "").partition(":")
    if not (colon and layer.isdecimal() and unit.isdecimal()):
        return None
    place = int(layer), int(unit)
    is_drawn = 0 < place[0] <= len(picture["layers"]) and place[1] in picture["layers"][place[0] - 1]["units"]
    return place if is_drawn else None
