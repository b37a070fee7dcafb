"""What the visitor has deleted recently, and a way to restore it."""

import streamlit as st

from mnist_core.runs.changes import TRASH_DAYS
from pages.shared import asking, resources
from pages.shared.visitor import who
from pages.shared.words import local_time


def show() -> None:
    """List the visitor's trash, if there is anything in it."""
    deleted = resources.store().trash(who=who())
    if not deleted:
        return
    with st.expander(f"Trash ({len(deleted)})", icon=":material/delete:"):
        st.caption(f"Deleted runs are kept for {TRASH_DAYS} days, or until space is needed.")
        for run in deleted:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(f"{run.name}, from {local_time(run.created_at_utc)}")
                st.button("Restore", key=f"restore {run.id}", on_click=_restore, args=(run.id,))
        st.button("Empty the trash", icon=":material/delete_forever:", on_click=_empty)
    asking.say_why_not("trash")


def _restore(run_id: str) -> None:
    asking.ask("trash", resources.store().restore, run_id, who=who())


def _empty() -> None:
    asking.ask("trash", resources.store().empty_trash, who=who())
