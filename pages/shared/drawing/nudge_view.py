"""Sliders that move, turn and thicken the finished image, to see when it is no longer read."""

import streamlit as st

from mnist_core.data.nudge import Nudge

_SLIDERS = {
    "right_px": ("Move right", -8.0, 8.0, 1.0, "%+d px"),
    "down_px": ("Move down", -8.0, 8.0, 1.0, "%+d px"),
    "turn_deg": ("Turn clockwise", -90.0, 90.0, 5.0, "%+d°"),
    "thicken_px": ("Thicken", -2.0, 3.0, 0.25, "%+.2f px"),
}


def choose() -> Nudge:
    """Show the sliders, and return what they ask for."""
    with st.container(border=True):
        title, reset = st.columns([3, 1], vertical_alignment="center")
        title.markdown("**When does it break?** Move, turn or thicken the image after its preparation.")
        reset.button("Reset", icon=":material/restart_alt:", width="stretch", on_click=_reset)
        values = {}
        for column, (name, (label, low, high, step, form)) in zip(st.columns(4), _SLIDERS.items(), strict=True):
            values[name] = column.slider(label, low, high, 0.0, step, format=form, key=name, persist_state="session")
    return Nudge(**values)


def _reset() -> None:
    for name in _SLIDERS:
        st.session_state[name] = 0.0
