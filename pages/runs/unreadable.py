"""Runs whose recipe this release of the app does not understand: what is known of them, and a way to delete them."""

import streamlit as st

from mnist_core.runs import UnreadableRun
from pages.shared import asking, resources
from pages.shared.visitor import who
from pages.shared.words import local_time


def show() -> None:
    """List them, if there are any."""
    found = resources.store().unreadable_runs(who=who())
    if not found:
        return
    many = "1 run cannot" if len(found) == 1 else f"{len(found)} runs cannot"
    with st.expander(f"{many} be read", icon=":material/warning:"):
        st.markdown(
            "They may have been written by another release of this app, which this one does not understand. Update the "
            "app to see them again. All other runs are unaffected."
        )
        for run in found:
            _entry(run)
    asking.say_why_not("delete unreadable")


def _entry(run: UnreadableRun) -> None:
    with st.container(border=True):
        st.text(f"{run.name}, from {local_time(run.created_at_utc)}\n{run.problem}")
        st.code(run.config_text, language="json", wrap_lines=True, height=150)
        st.button(
            "Delete",
            key=f"delete {run.id}",
            icon=":material/delete:",
            on_click=_delete,
            args=(run.id,),
            width="content",
        )


def _delete(run_id: str) -> None:
    asking.ask("delete unreadable", resources.engine().delete, run_id, who=who())
