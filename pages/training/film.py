"""The film of a run: first-layer kernels, errors and accuracy move through the training, by Play or by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.figures.kernels import kernels_png
from mnist_core.figures.mosaic import data_url
from mnist_core.lessons.film import film_images
from mnist_core.runs import OPERATOR, Run
from pages.places import BACKPROPAGATION
from pages.shared import calm, network_view, permalink, resources
from pages.shared.visitor import who
from pages.training import picture

MOST_UNITS, COLUMNS = 64, 8
PAGE, NAME = "film", "frame"
_HTML = """
<div class="film">
  <div class="bar"><button type="button">▶ Play</button>
    <input type="range" min="0" step="1" aria-label="Snapshot: after how many epochs"></div>
  <output aria-live="off"></output>
  <svg viewBox="0 0 400 100" role="img" aria-label="Accuracy at each snapshot, from 0 to 100 %"></svg>
  <div class="screen"><img alt="First-layer weights of the snapshot"><table></table></div>
</div>
"""
_CSS = """
.film { color: var(--st-text-color); font: 1rem/1.5 var(--st-font); padding: 4px; }
.bar { display: flex; gap: 1rem; align-items: center; }
button { font: inherit; color: inherit; cursor: pointer; min-width: 6.5rem; padding: 0.4rem 0.8rem;
  border-radius: 0.5rem; background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); }
input { flex: 1; accent-color: var(--st-primary-color); }
button:focus-visible, input:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
svg { display: block; width: 100%; max-width: 40rem; height: 7rem; stroke: var(--st-primary-color); fill: none; }
svg line { stroke: var(--st-border-color); }
svg circle { fill: var(--st-primary-color); stroke: none; }
svg .now { fill: #D55E00; }
.screen { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
img { width: 100%; max-width: 440px; image-rendering: pixelated; }
table { border-collapse: collapse; width: 100%; max-width: 440px; font-size: 0.8rem; align-self: start; }
th, td { text-align: center; padding: 0.2rem; border: 1px solid var(--st-border-color); font-weight: 400; }
td { background: color-mix(in srgb, #D55E00 calc(70% * var(--share, 0)), transparent); }
.right { opacity: 0.55; }
"""
_component = st.components.v2.component(
    "mnist_film", html=_HTML, css=_CSS, js=(Path(__file__).parent / "film.js").read_text(encoding="utf-8")
)


class Frame(NamedTuple):
    """One snapshot: its kernels as a PNG, its confusion matrix, and its accuracy in [0, 1]."""

    kernels: bytes
    confusion: NDArray[np.int64]
    accuracy: float


def show(run: Run) -> None:
    """Show, once opened or linked to, the snapshots of a run."""
    linked = NAME in permalink.enter(PAGE, (NAME,))
    area = st.expander("Film: how it learnt, from snapshot to snapshot", linked, key="film", on_change="rerun")
    if area.open:
        with area:
            calm.fragment(_film)(run)


def _film(run: Run) -> None:
    epochs = resources.store().snapshot_epochs(run.id, who=who())
    if len(epochs) < 2:
        st.info("Snapshots are kept after 0, 1, 2, 5, 10, 20, 50 ... epochs. There is no second one yet.")
        return
    with st.spinner("Looking at each snapshot …", show_time=False):
        frames = {epoch: frame_of(run.id, epoch, epochs[0]) for epoch in epochs}
    shown = _player(run, frames, _linked(epochs))
    permalink.write(PAGE, (NAME,), {NAME: str(shown)})
    _show_network(run, shown)
    st.page_link(
        BACKPROPAGATION.path,
        label=f"Follow one step of the network after {shown:,} {'epoch' if shown == 1 else 'epochs'}, number by number",
        icon=":material/account_tree:",
        query_params={"run": run.id, "epoch": str(shown)},
    )


def _show_network(run: Run, shown: int) -> None:
    """Show the network of one snapshot alive, as it reads the image chosen beside the curves."""
    network = resources.store().snapshot(run.id, shown, who=who())
    if np.isfinite(network.parameters).all():
        image, label = picture.image_of(run)
        network_view.show(network, image, key="film network", label=label, config=run.config, in_link=False)


def _linked(epochs: Sequence[int]) -> int:
    """Return the snapshot that the address bar names, or the last."""
    named = permalink.enter(PAGE, (NAME,)).get(NAME, str(epochs[-1]))
    return next((epoch for epoch in epochs if str(epoch) == named), epochs[-1])


def _player(run: Run, frames: dict[int, Frame], shown: int) -> int:
    """Show the player, and return the snapshot on which it stands."""
    _, which = film_images(run.config, resources.dataset())
    units, classes = min(MOST_UNITS, run.config.layer_sizes[1]), resources.classes()
    st.caption(
        f"Left, what {units} units of the first layer have learnt: their weights without the random start. Right, the "
        f"errors on {which}: true {classes.noun} in rows, predicted {classes.noun} in columns. The test set is not "
        "used."
    )
    state = _component(
        key="film player",
        data={
            "run": run.id,
            "shown": shown,
            "which": which,
            "classes": list(classes.names),
            "frames": [
                {
                    "epochs": epoch,
                    "accuracy": float(frame.accuracy),
                    "confusion": frame.confusion.tolist(),
                    "kernels": data_url(frame.kernels),
                }
                for epoch, frame in frames.items()
            ],
        },
        on_epochs_change=lambda: None,
        height="content",
    )
    return state.epochs if state.get("epochs") in frames else shown


@st.cache_data(max_entries=200, show_spinner=False)
def frame_of(run_id: str, epochs_done: int, first: int) -> Frame:
    """Judge one snapshot. Snapshots never change, so that each is looked at once, for all who may see the run."""
    # Imported when a film is first watched: it brings scikit-learn, which costs every visitor a second and 70 MB.
    from mnist_core.evaluation import evaluate  # noqa: PLC0415

    store = resources.store()
    network = store.snapshot(run_id, epochs_done, who=OPERATOR)
    images, _ = film_images(store.get(run_id, who=OPERATOR).config, resources.dataset())
    # The last snapshot of a run that diverged may hold no numbers any more.
    with np.errstate(over="ignore", invalid="ignore"):
        judged = evaluate(network, images)
        learnt = np.nan_to_num(network.kernels[0] - store.snapshot(run_id, first, who=OPERATOR).kernels[0])
    return Frame(kernels_png(learnt, most=MOST_UNITS, columns=COLUMNS), judged.confusion, judged.accuracy)
