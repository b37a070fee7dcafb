"""The first look: a pad to draw on, and beside it a network that reads what you draw, every number of it alive."""

from contextlib import suppress

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.data.drawing import prepare
from mnist_core.data.provenance import is_mnist
from mnist_core.data.strokes import SMALLEST_PX, extent, render
from mnist_core.errors import StoreError
from mnist_core.evaluation.reading import read
from mnist_core.figures.mosaic import digits_png
from mnist_core.lessons.digits_to_watch import ten_to_watch
from mnist_core.runs.judgement import learnt_little
from mnist_core.training import TrainingConfig
from pages.places import DRAW
from pages.shared import calm, drawing_pad, drawn_image, mosaic, network_view, networks, resources
from pages.shared.plain import plain
from pages.shared.visitor import who

_SHOWN, _COLUMNS = 72, 12
_UNITS = 10
_IMAGE = "overview.image"


@calm.fragment
def show() -> None:
    """Show a network as it reads the drawing, or an image until there is one, and the pad."""
    reader = _reader()
    if reader is None:
        _show_images()
        return
    picture, pad = st.columns([3, 2], gap="large")
    with pad:
        drawing = _show_pad(reader)
    with picture:
        _show_network(reader, drawing)


def _reader() -> networks.Reader | None:
    """Return the visitor's newest network that has learnt something, or the packaged one; None if there is neither."""
    for run in resources.store().list_runs(who=who()):
        if run.status == "finished" and networks.can_read(run) and not learnt_little(run):
            with suppress(StoreError):  # deleted just now
                return networks.of_run(run)
    return networks.packaged() if is_mnist(resources.dataset()) else None


def _show_pad(reader: networks.Reader) -> NDArray[np.uint8] | None:
    """Show the pad, and below it what the network reads; return what was drawn, as the network is given it."""
    strokes = drawing_pad.show("pad of the Overview")
    preparation = prepare(render(strokes)) if extent(strokes) >= SMALLEST_PX else None
    if preparation is None:
        st.markdown(
            f"**Draw a {resources.classes().thing}**: it flows through a network that has already been trained."
        )
        return None
    drawn_image.keep(preparation.image)
    reading = read(reader.network, preparation.image, reader.temperature)
    st.subheader(reading.words(resources.classes()), anchor=False)
    st.page_link(
        DRAW.path,
        label="See how sure it is, and why",
        icon=":material/arrow_forward:",
        query_params={"run": reader.link},
    )
    return preparation.image


def _show_network(reader: networks.Reader, drawing: NDArray[np.uint8] | None) -> None:
    ten, learnt = ten_to_watch(reader.config or TrainingConfig(), resources.dataset())
    place = st.session_state.setdefault(_IMAGE, 0) % len(ten)
    image, label = (ten.images[place], int(ten.labels[place])) if drawing is None else (drawing, None)
    network_view.show(
        reader.network, image, key="overview network", label=label, config=reader.config, most_units=_UNITS
    )
    if drawing is not None:
        st.caption(f"**{plain(reader.name)}** reads your drawing.")
        return
    which = "an image that it has learnt from" if learnt else "an image that it has never learnt from"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Another image", icon=":material/refresh:", on_click=_next_image)
        st.caption(f"**{plain(reader.name)}** reads {which}.", width="content")


def _next_image() -> None:
    st.session_state[_IMAGE] += 1


def _show_images() -> None:
    """Show the first training images."""
    data = resources.dataset()
    png = digits_png(data.train.images[:_SHOWN], _COLUMNS, gap=2)
    mosaic.show(png, f"The first {_SHOWN} of the training images", width_px=480)
    st.caption(f"{_SHOWN} of the {len(data.train):,} images that the network learns from.")
