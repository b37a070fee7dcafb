"""Arrays of an update under a title that says what they are, as figures with a value for each cell."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.figures import arrays
from mnist_core.lessons.one_update import OneUpdate

# A larger kernel is shown one unit's column at a time: every cell is a number of the network, none is an average.
MOST_CELLS = 20_000
_QUIET = {"displayModeBar": False, "scrollZoom": False}


def chart(figure: go.Figure, alt: str) -> None:
    """Show a figure without tools, so that a thumb on it scrolls the page."""
    st.plotly_chart(figure, alt=alt, config=_QUIET)


def units(values: NDArray[np.floating], title: str, *, signed: bool = True, chosen: int | None = None) -> None:
    """Show one number for each unit of a layer."""
    st.markdown(f"**{title}**, {len(values)} numbers")
    chart(arrays.unit_values(values, signed=signed, chosen=chosen), f"{title}, a cell for each unit")
    _say_if_zero(values)


def kernel(values: NDArray[np.floating], unit: int, title: str) -> None:
    """Show a kernel, shape (fan_in, fan_out): whole if it is small, or else what belongs to one unit."""
    column = values[:, unit]
    if len(column) == IMAGE_SHAPE[0] * IMAGE_SHAPE[1]:
        st.markdown(f"**{title}, unit {unit}**")
        chart(arrays.image_values(column.reshape(IMAGE_SHAPE), signed=True), f"{title} of unit {unit}, as an image")
    elif values.size <= MOST_CELLS:
        st.markdown(f"**{title}**, {len(values)} × {values.shape[1]} numbers")
        chart(arrays.kernel_values(values), f"{title}: a row for each input, a column for each unit")
    else:
        st.markdown(f"**{title}, unit {unit}**: one number for each unit before it")
        chart(arrays.unit_values(column, signed=True), f"{title} of unit {unit}, a cell for each unit before it")
    _say_if_zero(values)


def _say_if_zero(values: NDArray[np.floating]) -> None:
    if not values.any():
        st.caption("All of them are exactly 0.")


def rows(values: Mapping[str, NDArray[np.floating]], update: OneUpdate, title: str, *, signed: bool) -> None:
    """Show some numbers for each of the ten classes, the right one framed."""
    st.markdown(f"**{title}**")
    chart(arrays.class_rows(values, update.label, signed=signed), title)
