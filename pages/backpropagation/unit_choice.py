"""Which unit of a layer is looked at: the one that the update moves most, unless somebody picks another."""

import streamlit as st

from mnist_core.lessons.one_update import OneUpdate
from mnist_core.lessons.unit_sum import most_telling_unit
from pages.shared import permalink


def choose_unit(update: OneUpdate, layer: int) -> int:
    """Show a box for the unit of a layer, and return the unit."""
    key, last = f"unit{layer + 1}", len(update.z[layer]) - 1
    permalink.check_number(key, 0, last)
    # Another architecture may have fewer units.
    if (st.session_state.get(key) or 0) > last:
        st.session_state[key] = None
    moved_most = most_telling_unit(update, layer)
    picked = st.number_input(
        f"Unit of layer {layer + 1} to look at (0 to {last})",
        0,
        last,
        None,
        key=key,
        bind="query-params",
        persist_state="session",
        placeholder=f"{moved_most}, which this update moves most",
        help="Leave it empty to follow the unit with the largest derivative.",
        width=330,
    )
    return moved_most if picked is None else int(picked)
