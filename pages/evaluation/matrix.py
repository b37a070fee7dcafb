"""The confusion matrix: a click on a cell shows its images. Only this part of the page runs then."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.data.classes import Classes
from mnist_core.data.dataset import CLASSES
from mnist_core.evaluation.selection import cell_indices, confused_pairs
from mnist_core.figures.confusion import UNITS, confusion_chart
from pages.evaluation import image
from pages.shared import calm, glossary, page, permalink, resources
from pages.shared.judged import Subject

_CHART, _PICKED = "confusion matrix", "image of the cell"
# Two quick clicks are clicks on two cells, not a double click, which would deselect.
_CONFIG = {"displayModeBar": False, "doubleClick": False, "doubleClickDelay": 1}
_SCROLL_FROM, _SCROLL_PX = 40, 470


@calm.fragment
def show(subject: Subject) -> None:
    """Show the matrix, and beside it the images of one cell, the most confident answers first."""
    pictures = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        permalink.check("cells", UNITS)
        unit = st.segmented_control(
            "Cells show", UNITS, default="images", key="cells", bind="query-params", required=True
        )
        muted = st.toggle("Fade the diagonal", value=True, key="muted", bind="query-params")
    classes = resources.classes()
    noun = classes.noun
    chart, images = pictures.columns([5, 4], gap="medium")
    with chart:
        st.plotly_chart(
            confusion_chart(
                subject.evaluation.confusion, unit=unit, muted=muted, classes=classes, text_colour=page.text_colour()
            ),
            key=_chart_key(),
            on_select=_take_click,
            selection_mode="points",
            config=_CONFIG,
            alt=f"Confusion matrix: true {noun} in rows, predicted {noun} in columns. The selectors choose a cell too.",
        )
        glossary.caption("The [[confusion matrix]]. Click a cell to see its images.")
    with images:
        _cell(subject, classes)
    picked = st.session_state.get(_PICKED)
    if picked is not None and picked in _indices(subject):
        image.detail(subject, picked, key=_PICKED)


def _chart_key() -> str:
    return f"{_CHART} {st.session_state.get(_CHART, 0)}"


def _renew_chart() -> None:
    """Show the chart again, without its mark: another cell was chosen beside it."""
    st.session_state[_CHART] = st.session_state.get(_CHART, 0) + 1


def _take_click() -> None:
    points = st.session_state[_chart_key()]["selection"]["points"]
    if points:
        st.session_state.true, st.session_state.predicted = int(points[0]["y"]), int(points[0]["x"])


def _cell(subject: Subject, classes: Classes) -> None:
    pairs = confused_pairs(subject.evaluation.confusion, most=1)
    true, predicted = (0, 0) if pairs.empty else (int(pairs["true"][0]), int(pairs["predicted"][0]))
    with st.container(horizontal=True):
        for label, default, key in (("True", true, "true"), ("Predicted", predicted, "predicted")):
            st.selectbox(
                f"{label} {classes.noun}",
                range(CLASSES),
                default,
                key=key,
                bind="query-params",
                format_func=classes.names.__getitem__,
                on_change=_renew_chart,
                width=140,
            )
    indices = _indices(subject)
    st.markdown(_heading(len(indices), classes))
    if len(indices):
        with st.container(height=_SCROLL_PX if len(indices) > _SCROLL_FROM else "content", border=False):
            image.grid(subject, indices, key=_PICKED, selected=st.session_state.get(_PICKED))


def _indices(subject: Subject) -> NDArray[np.intp]:
    return cell_indices(subject.predictions, st.session_state.true, st.session_state.predicted)


def _heading(count: int, classes: Classes) -> str:
    true, predicted = st.session_state.true, st.session_state.predicted
    images = "1 image" if count == 1 else f"{count:,} images"
    order = ", the most confident first: true → predicted · probability" if count else ""
    return f"**{images}** of {classes.caption(true)} read as {classes.names[predicted]}{order}"
