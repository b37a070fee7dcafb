"""Runs: everything that has been trained here, to find, compare, tidy up and repeat."""

from collections.abc import Sequence

import streamlit as st

from mnist_core.runs import Run
from mnist_core.settings import settings
from pages.places import RUNS, TRAINING
from pages.runs import run_card, several, table, trash, unreadable
from pages.shared import calm, glossary, page, resources
from pages.shared.visitor import who

UPDATE_S = 2.0


def watch(known: Sequence[tuple[str, str, int]]) -> None:
    """Show the page again when a run has begun, ended or moved on by a twentieth."""
    if state(resources.store().list_runs(who=who())) != known:
        st.rerun()


def state(runs: Sequence[Run]) -> list[tuple[str, str, int]]:
    """Return what decides whether the page must be shown again."""
    return [(run.id, run.status, int(20 * run.progress)) for run in runs]


page.head(RUNS)
all_runs = resources.store().list_runs(who=who())
unreadable.show()
if not all_runs:
    st.info("Nothing has been trained yet. Start a run on the Training page; it will be listed here.")
    st.page_link(TRAINING.path, label="Go to Training", icon=":material/play_circle:")
    trash.show()
    st.stop()
selected = table.choose(all_runs)
if any(run.is_active for run in all_runs):
    calm.fragment(watch, run_every=UPDATE_S)(state(all_runs))
if not selected:
    glossary.caption(
        "Select a [[run]] at the left edge of the table to open it, or several to compare them. When space is needed, "
        f"ended runs older than {settings().keep_days} days are deleted first; those that you have named or pinned are "
        "kept."
    )
elif len(selected) == 1:
    run_card.show(resources.store().get(selected[0].id, who=who()), all_runs)
else:
    several.show(selected)
trash.show()
