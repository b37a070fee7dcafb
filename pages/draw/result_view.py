"""The answer: what each reader says, in words and as bars, and the image that they were shown."""

from collections.abc import Sequence

import streamlit as st

from mnist_core.data.drawing import Image
from mnist_core.evaluation.reading import Reading
from mnist_core.figures.steps import picture_png
from pages.draw import bars
from pages.draw.readers import Reader
from pages.shared import mosaic, resources
from pages.shared.plain import plain


def show(readers: Sequence[Reader], readings: Sequence[Reading], image: Image | None, why_not: str) -> None:
    """Show the answers; without an image, that there is nothing to tell."""
    words, shown = st.columns([3, 1], vertical_alignment="center")
    with words:
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
    with shown:
        if image is not None:
            mosaic.show(picture_png(image), "The 28 by 28 pixels that the network is given", width_px=112)
    bars.show([reader.name for reader in readers], readings)
    if readings and (calibrated := [reader.name for reader in readers if reader.temperature is not None]):
        st.caption(
            f"Calibrated for {' and '.join(calibrated)}: of answers given with 90 %, about nine in ten are right, as "
            "measured on images held out from training."
        )


def show_truth(truth: int, reading: Reading) -> None:
    """Say what the image really is, and whether the first reader was right."""
    label = resources.classes().one(truth)
    if reading.label == truth:
        st.success(f"Right: people labelled this image {label}.", icon=":material/check:")
    else:
        st.warning(f"Wrong: people labelled this image {label}.", icon=":material/close:")
