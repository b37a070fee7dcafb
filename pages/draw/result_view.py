"""The answer: what each reader says, in words and as bars, and the image that they were shown."""

from collections.abc import Sequence

import streamlit as st

from mnist_core.data.drawing import Image
from mnist_core.evaluation.reading import Reading, with_article
from mnist_core.figures.steps import picture_png
from pages.draw import bars
from pages.draw.readers import Reader
from pages.shared import mosaic


def show(readers: Sequence[Reader], readings: Sequence[Reading], image: Image | None, why_not: str) -> None:
    """Show the answers; without an image, that there is nothing to tell."""
    words, shown = st.columns([3, 1], vertical_alignment="center")
    with words:
        if image is None:
            st.subheader("I cannot tell.", anchor=False)
            st.markdown(why_not)
        else:
            st.subheader(readings[0].words, anchor=False)
            for reader, reading in zip(readers[1:], readings[1:], strict=True):
                st.markdown(f"**{reader.name}:** {reading.words}")
    with shown:
        if image is not None:
            mosaic.show(picture_png(image), "The 28 by 28 pixels that the network is given", width_px=112)
    bars.show([reader.name for reader in readers], readings)


def show_truth(truth: int, reading: Reading) -> None:
    """Say what the image really is, and whether the first reader was right."""
    if reading.digit == truth:
        st.success(f"Right: people labelled this image {with_article(truth)}.", icon=":material/check:")
    else:
        st.warning(f"Wrong: people labelled this image {with_article(truth)}.", icon=":material/close:")
