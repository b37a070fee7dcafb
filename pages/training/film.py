"""The film of a run: one slider moves first-layer kernels, confusion matrix and accuracy through the training."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.figures.confusion import confusion_chart
from mnist_core.figures.film import accuracy_of_snapshots
from mnist_core.figures.kernels import kernels_png
from mnist_core.lessons.film import film_images
from mnist_core.runs import Run
from pages.places import BACKPROPAGATION
from pages.shared import calm, mosaic, page, resources
from pages.shared.words import percent

MOST_UNITS, COLUMNS = 64, 8
_QUIET = {"displayModeBar": False}


class Frame(NamedTuple):
    """One snapshot: its kernels as a PNG, its confusion matrix, and its accuracy in [0, 1]."""

    kernels: bytes
    confusion: NDArray[np.int64]
    accuracy: float


def show(run: Run) -> None:
    """Show, once opened, the snapshots of a run."""
    area = st.expander("Film: how it learnt, from snapshot to snapshot", key="film", on_change="rerun")
    if area.open:
        with area:
            calm.fragment(_film)(run)


def _film(run: Run) -> None:
    epochs = resources.store().snapshot_epochs(run.id)
    if len(epochs) < 2:
        st.info("Snapshots are kept after 0, 1, 2, 5, 10, 20, 50 ... epochs. There is no second one yet.")
        return
    if st.session_state.get("film_epoch") not in epochs:
        st.session_state.pop("film_epoch", None)
    shown = st.select_slider("After how many epochs", epochs, value=epochs[-1], key="film_epoch")
    with st.spinner("Looking at each snapshot …", show_time=False):
        frames = {epoch: _frame(run.id, epoch, epochs[0]) for epoch in epochs}
    _show_frame(run, epochs, frames, shown)


def _show_frame(run: Run, epochs: Sequence[int], frames: dict[int, Frame], shown: int) -> None:
    frame, classes = frames[shown], resources.classes()
    _, which = film_images(run.config, resources.dataset())
    units = min(MOST_UNITS, run.config.layer_sizes[1])
    left, right = st.columns(2)
    with left:
        st.metric(f"Accuracy on {which}", percent(frame.accuracy))
        accuracies = [frames[epoch].accuracy for epoch in epochs]
        figure = accuracy_of_snapshots(epochs, accuracies, shown)
        st.plotly_chart(figure, key="film accuracy", config=_QUIET, alt=f"Accuracy at each snapshot, {shown} marked")
        st.caption(f"What {units} units of the first layer have learnt: their weights without the random start.")
        mosaic.show(frame.kernels, f"First-layer weights of {units} units after {shown} epochs", width_px=440)
    with right:
        st.caption(
            f"Errors on {which}: true {classes.noun} in rows, predicted {classes.noun} in columns. The test set is "
            "not used."
        )
        matrix = confusion_chart(frame.confusion, classes=classes, text_colour=page.text_colour())
        st.plotly_chart(matrix, key="film confusion", config=_QUIET, alt=f"Confusion matrix after {shown} epochs")
        st.page_link(
            BACKPROPAGATION.path,
            label="Follow one step of this network, number by number",
            icon=":material/account_tree:",
            query_params={"run": run.id, "epoch": str(shown)},
        )


@st.cache_data(max_entries=200, show_spinner=False)
def _frame(run_id: str, epochs_done: int, first: int) -> Frame:
    """Judge one snapshot. Snapshots never change, so that each is looked at once."""
    # Imported when a film is first watched: it brings scikit-learn, which costs every visitor a second and 70 MB.
    from mnist_core.evaluation import evaluate  # noqa: PLC0415

    store = resources.store()
    network = store.snapshot(run_id, epochs_done)
    images, _ = film_images(store.get(run_id).config, resources.dataset())
    # The last snapshot of a run that diverged may hold no numbers any more.
    with np.errstate(over="ignore", invalid="ignore"):
        judged = evaluate(network, images)
        learnt = np.nan_to_num(network.kernels[0] - store.snapshot(run_id, first).kernels[0])
    return Frame(kernels_png(learnt, most=MOST_UNITS, columns=COLUMNS), judged.confusion, judged.accuracy)
