"""Backpropagation: one real update of a network, number by number."""

import streamlit as st

from pages.backpropagation import (
    check_view,
    image_choice,
    lesson_view,
    network_choice,
    rate_choice,
    size_view,
    step_view,
    unit_view,
    updates,
)
from pages.places import BACKPROPAGATION
from pages.shared import page, permalink, resources

VIEWS = {
    "Step by step": step_view.show,
    "One unit": unit_view.show,
    "Check it": check_view.show,
    "Step size": size_view.show,
}

noun = resources.classes().noun
page.head(BACKPROPAGATION)
bar = st.container(horizontal=True, vertical_alignment="bottom")
permalink.check("show", VIEWS)
view = bar.segmented_control(
    "Show",
    tuple(VIEWS),
    default="Step by step",
    key="show",
    bind="query-params",
    persist_state="session",
    required=True,
    label_visibility="collapsed",
)
settings = bar.popover("Image and network", icon=":material/tune:")
with bar.popover("Lessons", icon=":material/school:"):
    lesson = lesson_view.choose()
question = st.container()
with settings:
    image = image_choice.choose(question)
    network = network_choice.choose(lesson)
with st.container() if view == "Step size" else settings:
    rate = rate_choice.choose()
if lesson:
    lesson_view.show(lesson)
if image is None:
    st.stop()
update = updates.compute(network, image, rate)
if not update.is_finite:
    st.warning("This network diverged: its numbers are too large to compute with. Choose an earlier epoch.")
    st.stop()
VIEWS[view](update, noun)
with st.container(horizontal=True, vertical_alignment="center"):
    with st.container(width=64):
        image_choice.show(image)
    with st.container(width=600):
        st.markdown(updates.describe(update, network, image))
        if extras := updates.left_out(network.config):
            st.caption(extras)
