"""The picture of a run: its curves, or its network alive, and beside them what it reads in ten images by now."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.errors import StoreError
from mnist_core.nn import MLP
from mnist_core.runs import Run
from pages.shared import drawn_image, network_view, networks, permalink
from pages.training import run_charts, ten_images

VIEWS = ("Curves", "Network")
# A unit less than elsewhere, so that the picture ends above the fold of a projector.
_UNITS = 12
_VIEW, _IMAGE, _HELD = "picture", "training.image", "training.held"


def show(run: Run, others: Sequence[Run]) -> None:
    """Show it, live while the run goes on."""
    permalink.check(_VIEW, VIEWS)
    wide, narrow = st.columns([6, 1], gap="small")
    network = _network(run)
    with wide, st.container(gap=None):
        view = st.segmented_control(
            "Picture",
            VIEWS,
            default=VIEWS[0],
            required=True,
            key=_VIEW,
            bind="query-params",
            persist_state="session",
            label_visibility="collapsed",
        )
        if view == VIEWS[0]:
            run_charts.curves(run, others)
        else:
            _show_flow(run, network)
    with narrow:
        ten_images.show(run, network, _place() if view != VIEWS[0] else -1, _pick)


def _network(run: Run) -> MLP | None:
    """Return the newest network; None before there is one, and where its weights are no longer numbers."""
    try:
        network = networks.newest(run)
    except StoreError:
        return None
    return network if np.isfinite(network.parameters).all() else None


def _show_flow(run: Run, network: MLP | None) -> None:
    if network is None:
        st.info("The network stands here as soon as it has weights that are numbers.")
        return
    held = None if run.has_ended else st.session_state.get(_HELD, {}).get(run.id)
    image, label = image_of(run)
    is_open = network_view.show(
        held or network, image, key="training network", label=label, config=run.config, most_units=_UNITS
    )
    st.session_state[_HELD] = {run.id: held or network} if is_open and not run.has_ended else {}
    if held:
        st.caption("The picture stands still while a unit is open. Choose the unit again, and it follows the training.")


def image_of(run: Run) -> tuple[NDArray[np.uint8], int | None]:
    """Return the image that flows in, and its label; a drawing has none."""
    (ten, _), place, drawing = ten_images.images_of(run), _place(), drawn_image.last()
    if place == len(ten) and drawing is not None:
        return drawing, None
    place = min(place, len(ten) - 1)
    return ten.images[place], int(ten.labels[place])


def _pick(place: int) -> None:
    st.session_state[_VIEW], st.session_state[_IMAGE] = VIEWS[1], place


def _place() -> int:
    return int(st.session_state.get(_IMAGE, 0))
