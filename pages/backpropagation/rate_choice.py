"""How long the step is."""

import streamlit as st

from mnist_core.lessons.step_sizes import LEARNING_RATES
from pages.shared import permalink

DEFAULT = 0.1


def choose() -> float:
    """Show the slider of learning rates, and return the chosen one."""
    permalink.check("rate", [f"{rate:g}" for rate in LEARNING_RATES])
    return st.select_slider(
        "Learning rate",
        LEARNING_RATES,
        value=DEFAULT,
        format_func=lambda rate: f"{rate:g}",
        key="rate",
        bind="query-params",
        persist_state="session",
        help="How far the update follows the gradient.",
    )
