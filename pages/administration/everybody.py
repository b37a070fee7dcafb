"""What applies to everybody: an announcement on every page, and whether anything can be started or changed."""

import streamlit as st

from mnist_core.runs.administration import ANNOUNCEMENT, MAX_VALUE
from mnist_core.runs.rights import READ_ONLY
from pages.shared import asking, resources
from pages.shared.visitor import who

_REFUSAL = "administrate everybody"


def show() -> None:
    """Show both, with ways to change them."""
    store = resources.store()
    st.subheader("Announcement", anchor=False)
    with st.form("announcement", border=False):
        st.text_input(
            "Text at the top of every page; leave it empty for none",
            store.switched(ANNOUNCEMENT),
            MAX_VALUE,
            key="announcement",
        )
        st.form_submit_button("Announce", icon=":material/campaign:", on_click=_announce)
    st.subheader("Read-only", anchor=False)
    st.caption(
        "Only administrators can start, resume, change or delete anything. Everybody can look at everything, and what "
        "is under way continues; “Pause all” on the Runs tab stops that too."
    )
    st.toggle("Read-only", bool(store.switched(READ_ONLY)), key="read_only", on_change=_set_read_only)
    asking.say_why_not(_REFUSAL)


def _announce() -> None:
    asking.ask(_REFUSAL, resources.store().switch, ANNOUNCEMENT, st.session_state["announcement"].strip(), who=who())


def _set_read_only() -> None:
    value = "on" if st.session_state["read_only"] else ""
    asking.ask(_REFUSAL, resources.store().switch, READ_ONLY, value, who=who())
