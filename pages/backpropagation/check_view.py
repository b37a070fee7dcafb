"""Check it: derivatives from backpropagation beside derivatives measured on the spot by nudging single weights."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.lessons.check import check_update, is_measurable, start_of, telling_indices
from mnist_core.lessons.one_update import OneUpdate
from mnist_core.nn.gradient_check import GradientCheck
from pages.shared import glossary, permalink

COUNT = 5
MOST_SEEDS = 10_000
AGREE = 1e-6
COLUMNS = {
    "Backpropagation": st.column_config.NumberColumn(format="%.9g"),
    "Measured": st.column_config.NumberColumn(format="%.9g"),
    "Relative error": st.column_config.NumberColumn(format="scientific"),
}


def show(update: OneUpdate, noun: str) -> None:
    """Check some numbers of a kernel or bias, and any that somebody picks."""
    glossary.show(
        "Is the [[gradient]] right? Take one weight, make it a tiny bit larger and a tiny bit smaller, and let the "
        "network read the image both times. The change in the cost, divided by the change in the weight, must equal "
        "the derivative that [[backpropagation]] has computed by its formulas."
    )
    st.latex(r"\frac{\partial C}{\partial w} \approx \frac{C(w+h) - C(w-h)}{2h}")
    parts = _parts(update)
    permalink.check("part", tuple(parts))
    if st.session_state.get("part") not in parts:
        st.session_state.pop("part", None)
    name = st.segmented_control(
        "Check numbers of", tuple(parts), default="W1", required=True, key="part", bind="query-params"
    )
    permalink.check_number("others", 0, MOST_SEEDS - 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input("Seed of the draw", 0, MOST_SEEDS - 1, 0, key="others", bind="query-params", width=150)
        st.button("Draw others", icon=":material/shuffle:", on_click=_draw_others)
    part = parts[name]
    _verdict(update, check_update(update, telling_indices(update, part, COUNT, seed)), part)
    st.caption(
        f"The {COUNT} largest derivatives of {name} and {COUNT} drawn at random. Measured with nudges from 0.1 down to "
        "0.000001 and extrapolated to zero, all in float64. Relative error: the difference of the two numbers, divided "
        "by the larger one."
    )
    _one_of_your_own(update, part, name)


def _parts(update: OneUpdate) -> dict[str, np.ndarray]:
    gradient = update.gradient
    kernels = {f"W{layer + 1}": kernel for layer, kernel in enumerate(gradient.kernels)}
    return kernels | {f"b{layer + 1}": bias for layer, bias in enumerate(gradient.biases)}


def _draw_others() -> None:
    st.session_state.others = (st.session_state.others + 1) % MOST_SEEDS


def _verdict(update: OneUpdate, checks: Sequence[GradientCheck], part: np.ndarray) -> None:
    """Show the comparison as a table, and in words what it means."""
    start = start_of(update, part)
    table = {
        "Number": [_place(check.index - start, part) for check in checks],
        "Backpropagation": [check.analytic for check in checks],
        "Measured": [check.numeric for check in checks],
        "Relative error": [check.relative_error for check in checks],
    }
    st.dataframe(table, hide_index=True, column_config=COLUMNS)
    worst = max(check.relative_error for check in checks)
    if worst < AGREE:
        st.success(f"They agree: the largest relative error is {worst:.1e}.")
    elif all(check.relative_error < AGREE or not is_measurable(update, check) for check in checks):
        st.info(
            f"The largest relative error is {worst:.1e}, at a derivative that is too small to be measured beside the "
            "cost."
        )
    else:
        st.warning(
            f"The largest relative error is {worst:.1e}. A ReLU unit may have switched on or off within the nudge: "
            "there the slope differs from side to side. Draw others, or choose another image, to see them agree."
        )


def _one_of_your_own(update: OneUpdate, part: np.ndarray, name: str) -> None:
    """Check the one number that is asked for."""
    with st.expander("A number of your own choice", key="own", on_change="rerun") as area:
        if not area.open:
            return
        with st.container(horizontal=True):
            places = [
                int(st.number_input(f"{axis} (0 to {size - 1})", 0, size - 1, 0, key=f"own {name} {axis}", width=170))
                for axis, size in zip(("From", "To unit")[-part.ndim :], part.shape, strict=True)
            ]
        index = start_of(update, part) + int(np.ravel_multi_index(places, part.shape))
        _verdict(update, check_update(update, [index]), part)


def _place(index: int, part: np.ndarray) -> str:
    """Return in words which number of a kernel or bias it is."""
    *source, unit = (int(i) for i in np.unravel_index(index, part.shape))
    if not source:
        return f"bias of unit {unit}"
    if len(part) == IMAGE_SHAPE[0] * IMAGE_SHAPE[1]:
        row, column = divmod(source[0], IMAGE_SHAPE[1])
        return f"row {row}, col {column} to unit {unit}"
    return f"unit {source[0]} to unit {unit}"
