"""Who did what, and when: the audit log."""

import streamlit as st

from mnist_core.runs.audit import KEPT_DAYS, read_log
from pages.shared import resources
from pages.shared.visitor import who
from pages.shared.words import local_time

_SHOWN = 500


def show() -> None:
    """Show the newest entries first."""
    st.subheader("Who did what", anchor=False)
    entries = read_log(resources.store().database, _SHOWN, who=who())
    if not entries:
        st.caption("Nothing has been done yet.")
        return
    st.dataframe(
        {
            "When": [local_time(entry.at_utc) for entry in entries],
            "Who": [entry.name or entry.identity[:8] for entry in entries],
            "What": [entry.action for entry in entries],
            "Details": [entry.detail for entry in entries],
            "Address": [entry.address for entry in entries],
        },
        hide_index=True,
    )
    st.caption(f"The newest {_SHOWN:,} entries are shown. Entries are kept for {KEPT_DAYS} days.")
