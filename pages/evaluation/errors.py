"""All errors as a gallery, and one of them in detail."""

import streamlit as st

from mnist_core.evaluation.selection import ORDERS, error_indices
from pages.evaluation import image
from pages.shared import calm, permalink
from pages.shared.judged import Subject

_PICKED, _SHOWN = "picked error", "errors shown"
_BATCH = 60
_MEANING = {
    "cost": "The costliest error comes first: the one that gave the true answer the least probability.",
    "confidence": "The most confident wrong answer comes first.",
    "margin": "The closest call comes first: the wrong answer was hardly ahead of the next one.",
}


@calm.fragment
def show(subject: Subject) -> None:
    """Show the errors as buttons, and the chosen one above them."""
    permalink.check("by", ORDERS)
    by = st.segmented_control("Sort by", ORDERS, default="cost", key="by", bind="query-params", required=True)
    indices = error_indices(subject.predictions, by)
    if not len(indices):
        st.success("It reads every test image correctly: there is no error to look at.")
        return
    st.markdown(f"**{len(indices):,} errors.** {_MEANING[by]} Choose one to see it in detail.")
    picked = st.session_state.get(_PICKED)
    if picked is None or picked not in indices:
        picked = int(indices[0])
    with st.container(border=True):
        image.detail(subject, picked, key=_PICKED)
    shown = st.session_state.get(_SHOWN, _BATCH)
    image.grid(subject, indices[:shown], key=_PICKED, selected=picked)
    if shown < len(indices):
        st.button(
            f"Show more of the other {len(indices) - shown:,}", on_click=_show_more, icon=":material/expand_more:"
        )


def _show_more() -> None:
    st.session_state[_SHOWN] = st.session_state.get(_SHOWN, _BATCH) + _BATCH
