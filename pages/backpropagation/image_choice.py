"""Which image the update is made with: one of the training set, or what was drawn."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from mnist_core.data.dataset import CLASSES
from mnist_core.data.samples import sample_indices
from mnist_core.figures.mosaic import digits_png
from pages.places import DRAW
from pages.shared import drawn_image, mosaic, permalink, resources
from pages.shared.page import in_words

MOST_SEEDS = 10_000


@dataclass(frozen=True, eq=False)
class ChosenImage:
    """An image, uint8 (28, 28), what it is to be read as, and in words which it is."""

    pixels: NDArray[np.uint8]
    label: int
    words: str


def choose(question: DeltaGenerator) -> ChosenImage | None:
    """Show the ways to choose an image, and return the chosen one; None while it is not known what it is meant as.

    Parameters
    ----------
    question
        Where on the page to ask what a drawing is meant as.
    """
    sources: dict[str, Callable[[], ChosenImage | None]] = {
        "By number": _by_number,
        "At random": _at_random,
        "My drawing": lambda: _drawn(question),
    }
    permalink.check("picked", sources)
    source = st.segmented_control(
        "Image",
        tuple(sources),
        default="By number",
        key="picked",
        bind="query-params",
        persist_state="session",
        required=True,
    )
    return sources[source]()


def show(image: ChosenImage) -> None:
    """Show the image small."""
    mosaic.show(digits_png(image.pixels[None], 1), alt=f"The image: {image.words}", width_px=64)


def _by_number() -> ChosenImage:
    last = len(resources.dataset().train) - 1
    permalink.check_number("example", 0, last)
    index = st.number_input(
        f"Number in the training set (0 to {last:,})",
        0,
        last,
        0,
        key="example",
        bind="query-params",
        persist_state="session",
    )
    return _of_training_set(index)


def _at_random() -> ChosenImage:
    classes = resources.classes()
    permalink.check("digit", classes.names)
    label = st.pills(
        f"A {classes.noun}",
        range(CLASSES),
        default=5,
        key="digit",
        format_func=classes.names.__getitem__,
        bind="query-params",
        persist_state="session",
        required=True,
    )
    permalink.check_number("draw", 0, MOST_SEEDS - 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input(
            "Seed", 0, MOST_SEEDS - 1, 0, key="draw", bind="query-params", persist_state="session", width=130
        )
        st.button("Another", icon=":material/shuffle:", on_click=_draw_another)
    indices = sample_indices(resources.dataset().train, label, 1, seed)
    if not len(indices):
        st.info(f"The training set has no image of {classes.one(label)}. The first image is shown instead.")
        return _of_training_set(0)
    return _of_training_set(int(indices[0]))


def _draw_another() -> None:
    st.session_state.draw = (st.session_state.draw + 1) % MOST_SEEDS


def _drawn(question: DeltaGenerator) -> ChosenImage | None:
    pixels = drawn_image.last()
    if pixels is None:
        st.info("Nothing has been drawn in this session yet. The first training image is shown instead.")
        st.page_link(DRAW.path, label=in_words(DRAW).title, icon=":material/draw:")
        return _of_training_set(0)
    classes = resources.classes()
    with question:
        show(ChosenImage(pixels, -1, "your drawing"))
        permalink.check("meant", classes.names)
        label = st.pills(
            f"Which {classes.noun} did you mean?",
            range(CLASSES),
            key="meant",
            format_func=classes.names.__getitem__,
            bind="query-params",
        )
        if label is None:
            st.info(f"Say which {classes.noun} you meant: the network learns from the difference.")
            return None
    return ChosenImage(np.asarray(pixels, np.uint8), label, f"your drawing, meant as {classes.names[label]}")


def _of_training_set(index: int) -> ChosenImage:
    data = resources.dataset()
    label = int(data.train.labels[index])
    return ChosenImage(data.train.images[index], label, f"training image {index:,}, {data.classes.caption(label)}")
