"""The two hooks: real digits to look at, and a pad on which the packaged network reads what you draw."""

import streamlit as st

from mnist_core.data.drawing import prepare
from mnist_core.data.strokes import SMALLEST_PX, extent, render
from mnist_core.evaluation.reading import read
from mnist_core.figures.mosaic import digits_png
from mnist_core.training.packaged_model import packaged_model
from pages.places import DRAW
from pages.shared import calm, drawing_pad, mosaic, resources

_SHOWN, _COLUMNS = 72, 12


def show_images() -> None:
    """Show the first training images."""
    data = resources.dataset()
    png = digits_png(data.train.images[:_SHOWN], _COLUMNS, gap=2)
    mosaic.show(png, f"The first {_SHOWN} of the training images", width_px=480)
    st.caption(f"{_SHOWN} of the {len(data.train):,} images that the network learns from.")


@calm.fragment
def show_pad() -> None:
    """Show the pad, and below it what the packaged network reads."""
    strokes = drawing_pad.show("pad of the Overview")
    preparation = prepare(render(strokes)) if extent(strokes) >= SMALLEST_PX else None
    if preparation is None:
        st.markdown("**Draw a digit**: a network that has already been trained reads it.")
        return
    model = packaged_model()
    reading = read(model.network, preparation.image, model.temperature)
    st.subheader(reading.words(resources.classes()), anchor=False)
    st.page_link(DRAW.path, label="See how sure it is, and why", icon=":material/arrow_forward:")
