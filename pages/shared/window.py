"""What concerns the whole window: how a page is printed, and closing the sidebar where it lies over the page."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_CLOSED = "how often the sidebar was closed"
_component = st.components.v2.component(
    "mnist_window", js=(_HERE / "window.js").read_text(encoding="utf-8"), isolate_styles=False
)


def show() -> None:
    """Let the browser know the stylesheet, and whether to close the sidebar. The frame calls it last."""
    st.html(_HERE / "window.css")
    _component(key="window", data={"close_sidebar": st.session_state.get(_CLOSED, 0)})


def close_sidebar() -> None:
    """Close the sidebar on a phone, where it hides what its button has started. To be called in a callback."""
    st.session_state[_CLOSED] = st.session_state.get(_CLOSED, 0) + 1
