"""The stage: the accuracy in large, the curves and forty digits, drawn in the browser from a try's event stream."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from mnist_core.figures.mosaic import data_url, digits_png
from mnist_core.lessons.digits_to_watch import digits_to_watch
from pages.shared import resources

HERE = Path(__file__).parent
_HTML = """
<div class="stage" role="group" aria-label="How this try does">
  <div class="answer">
    <output class="accuracy" aria-label="Accuracy on held-out images">…</output>
    <span class="change"></span>
    <p class="of">of the held-out images read correctly</p>
  </div>
  <p class="state" role="status"></p>
  <p class="key"><i class="training"></i>training images <i class="validation"></i>held-out images
    <i class="before"></i>previous try</p>
  <div class="curves">
    <svg class="share" role="img" aria-label="Accuracy"></svg>
    <svg class="cost" role="img" aria-label="Cost"></svg>
  </div>
  <p class="watched-words"></p>
  <ol class="watched"></ol>
</div>
"""
_component = st.components.v2.component(
    "mnist_playground_stage",
    html=_HTML,
    css=(HERE / "stage.css").read_text(encoding="utf-8"),
    js="\n".join((HERE / name).read_text(encoding="utf-8") for name in ("feed.js", "curves.js", "stage.js")),
)


def show(try_id: str, before: str, *, is_known: bool, on_ended: Callable[[], None]) -> None:
    """Show a try, and the one before it behind.

    Parameters
    ----------
    before
        Its id, or "".
    is_known
        Whether the try had ended when the page was made: otherwise `on_ended` is called once it has.
    """
    data = {"id": try_id, "before": before, "is_known": is_known, "watched": _digits(resources.dataset().fingerprint)}
    _component(key="stage", data=data, on_ended_change=on_ended, height="content")


@st.cache_data(show_spinner=False)
def _digits(_: str) -> dict[str, object]:
    """Return the digits to watch: one row of pictures, what they show, and what the classes are called."""
    watched = digits_to_watch(resources.dataset())
    png = digits_png(watched.images, len(watched), gap=0)
    return {"png": data_url(png), "labels": watched.labels.tolist(), "names": list(resources.classes().names)}
