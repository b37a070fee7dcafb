"""Ten images beside the live curves, one of each class, with the network's present guess for each."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

from mnist_core.data import Split
from mnist_core.figures.mosaic import data_url, digits_png
from mnist_core.lessons.digits_to_watch import ten_to_watch
from mnist_core.nn import MLP
from mnist_core.runs import Run
from mnist_core.training import TrainingConfig
from pages.shared import drawn_image, resources

HERE = Path(__file__).parent
_KEY = "ten images"
_HTML = """
<div class="ten" role="group" aria-label="Ten images and what the network reads in them now">
  <p class="count"></p>
  <ol></ol>
  <p class="which"></p>
</div>
"""
_component = st.components.v2.component(
    "mnist_ten_images",
    html=_HTML,
    css=(HERE / "ten_images.css").read_text(encoding="utf-8"),
    js=(HERE / "ten_images.js").read_text(encoding="utf-8"),
)


def images_of(run: Run) -> tuple[Split, int]:
    """Return one image of each class, the same for all runs, and how many of them the run learns from."""
    return _ten(run.config.model_dump_json())


@st.cache_data(max_entries=64, show_spinner=False)
def _ten(recipe: str) -> tuple[Split, int]:
    return ten_to_watch(TrainingConfig.model_validate_json(recipe), resources.dataset())


def show(run: Run, network: MLP | None, chosen: int, on_pick: Callable[[int], None]) -> None:
    """Show the images, and the visitor's own drawing where there is one, as `network` reads them.

    Parameters
    ----------
    network
        None before there is one, and where its weights are no longer numbers.
    chosen
        Which image to mark, -1 for none; ten is the drawing.
    on_pick
        Called with the one that was clicked, before the page is shown again.
    """
    (ten, learnt), drawing = images_of(run), drawn_image.last()
    images = ten.images if drawing is None else np.concatenate([ten.images, drawing[None]])

    def picked() -> None:
        place = st.session_state[_KEY].picked
        if isinstance(place, int) and 0 <= place < len(images):
            on_pick(place)

    own = [] if drawing is None else [None]
    _component(
        key=_KEY,
        data={
            "run": run.id,
            "png": data_url(digits_png(images, len(images), gap=0)),
            "labels": [*ten.labels.tolist(), *own],
            "names": list(resources.classes().names),
            "guesses": None if network is None else network.predict(images).tolist(),
            "chosen": chosen,
            "which": _which(len(ten), learnt) + (" The last is your drawing." if own else ""),
        },
        on_picked_change=picked,
        height="content",
    )


def _which(count: int, learnt: int) -> str:
    if learnt == 0:
        return "Held-out images: it does not learn from them."
    if learnt == count:
        return "Training images: this run holds none out."
    return f"It learns from {learnt} of these {count}."
