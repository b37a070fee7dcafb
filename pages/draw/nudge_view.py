"""Sliders that move, turn and thicken the finished image, to see when it is no longer read."""

from dataclasses import astuple

import streamlit as st

from mnist_core.data.drawing import Image, bounding_box
from mnist_core.data.nudge import Nudge, nudge
from mnist_core.evaluation.breaking import breaking_curves
from mnist_core.evaluation.reading import read
from mnist_core.figures.breaking import breaking_chart
from pages.draw.subject import Subject
from pages.shared import networks, resources

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
        reset.button("Reset", icon=":material/restart_alt:", width="stretch", on_click=reset_sliders)
        values = {}
        for column, (name, (label, low, high, step, form)) in zip(st.columns(4), _SLIDERS.items(), strict=True):
            values[name] = column.slider(label, low, high, 0.0, step, format=form, key=name, persist_state="session")
    return Nudge(**values)


def apply(subject: Subject, change: Nudge) -> tuple[Image | None, str]:
    """Return the changed image, or None and why there is nothing to read."""
    if subject.image is None:
        return None, subject.why_not
    image = nudge(subject.image, change)
    if bounding_box(image / 255) is None:
        return None, "No ink is left in the image. Move the sliders back."
    return image, ""


def show_curves(reader: networks.Reader, image: Image, change: Nudge) -> None:
    """Show, if asked for, how far the unchanged image can be changed before something else is read."""
    if not st.toggle("Show how far each can go", key="curves", persist_state="session"):
        return
    label, classes = read(reader.network, image, reader.temperature).label, resources.classes()
    curves = breaking_curves(reader.network, image, label, change, reader.temperature)
    st.caption(
        f"How probable the network finds {classes.one(label)} while one slider moves and the other three stay where "
        "they are. A red cross marks where it reads something else; the dotted line, where the slider stands now."
    )
    st.plotly_chart(
        breaking_chart(curves, label, astuple(change), classes),
        key="breaking",
        alt=f"Probability of {classes.one(label)} against each of the four sliders",
    )


def in_words(change: Nudge) -> str:
    """Say what the sliders do to the image, such as "turn clockwise +90°, thicken +0.50 px", or ""."""
    return ", ".join(
        f"{label.lower()} {form % getattr(change, name)}"
        for name, (label, *_, form) in _SLIDERS.items()
        if getattr(change, name)
    )


def reset_sliders() -> None:
    """Put all sliders back to 0: another drawing begins as it is."""
    for name in _SLIDERS:
        st.session_state[name] = 0.0
