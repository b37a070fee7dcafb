"""The answer: what each reader says, in words and as bars, and the image that they were shown."""

from collections.abc import Sequence

import streamlit as st

from mnist_core.data.drawing import Image
from mnist_core.evaluation.reading import Reading
from mnist_core.figures.steps import picture_png
from pages.draw import bars
from pages.draw.subject import Subject
from pages.shared import mosaic, networks, resources
from pages.shared.glossary import means
from pages.shared.plain import plain


def show(readers: Sequence[networks.Reader], readings: Sequence[Reading], image: Image | None, why_not: str) -> None:
    """Show the answers; without an image, say that there is nothing to read."""
    row = st.container(horizontal=True, wrap=False, vertical_alignment="center")
    with row.container():
        if image is None:
            st.subheader("I cannot tell.", anchor=False)
            st.markdown(why_not)
        elif not readings:
            st.subheader("Nobody can read it yet.", anchor=False)
            st.markdown("Train a network first.")
        else:
            st.subheader(readings[0].words(resources.classes()), anchor=False)
            for reader, reading in zip(readers[1:], readings[1:], strict=True):
                st.markdown(f"**{plain(reader.name)}:** {reading.words(resources.classes())}")
    if image is not None:
        with row.container(width=64):
            mosaic.show(picture_png(image), "The 28 by 28 pixels that the network is given", width_px=64)
    bars.show([reader.name for reader in readers], readings)
    if readings and (calibrated := [plain(reader.name) for reader in readers if reader.temperature is not None]):
        st.caption(
            f"Calibrated for {' and '.join(calibrated)}: on images of the data set that it has not learnt from, about "
            "nine in ten of the answers given with 90 % are right.",
            help=means("calibrated"),
        )


def ask_for_guess() -> None:
    """Keep the answer hidden until the visitor has said what it is."""
    st.subheader("What do you read?", anchor=False)
    st.markdown(
        "The network did not see this image while it learnt. Make your guess, then see whether you, the network and "
        "the people who labelled it agree."
    )


def show_remarks(subject: Subject, readings: Sequence[Reading], changes: str) -> None:
    """Say what influences the answer, how to get a better one, and who was right where the truth is known."""
    if changes and readings:
        st.markdown(f":orange-badge[:material/tune: Changed by the sliders: {changes}]")
    if subject.hint:
        st.info(subject.hint, icon=":material/looks_two:")
    if subject.truth is None or not readings:
        return
    classes = resources.classes()
    said = "" if subject.guess is None else f" You said {classes.names[subject.guess]}."
    words = f"People labelled this image {classes.one(subject.truth)}.{said}"
    if readings[0].label == subject.truth:
        st.success(f"The network is right. {words}", icon=":material/check:")
    else:
        st.warning(f"The network is wrong. {words}", icon=":material/close:")
