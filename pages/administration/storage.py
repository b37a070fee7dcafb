"""What the store takes on its disk, and the trash."""

import streamlit as st

from pages.shared import asking, resources
from pages.shared.visitor import who

_REFUSAL = "administrate the store"


def show() -> None:
    """Show sizes, and a way to empty the trash."""
    st.subheader("Store and disk", anchor=False)
    store, trash = resources.store(), len(resources.store().trash(who=who()))
    free = store.database.free_bytes()
    st.table(
        {
            "Database": store.database.software,
            "Size": f"{store.database.size_bytes() / 1e6:,.1f} MB",
            "Free on its disk": "unknown: it is not on this machine" if free is None else f"{free / 1e9:,.1f} GB",
            "Runs": f"{len(store.list_runs(who=who())):,}",
            "Runs in the trash": f"{trash:,}",
        },
        border="horizontal",
    )
    with st.popover("Empty the trash", icon=":material/delete_forever:", disabled=not trash):
        st.caption("They cannot be restored afterwards.")
        st.button(f"Delete {trash} for good", key="empty trash", on_click=_empty)
    asking.say_why_not(_REFUSAL)


def _empty() -> None:
    asking.ask(_REFUSAL, resources.store().empty_trash, who=who())
