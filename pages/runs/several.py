"""Several runs at once: compared, exported, deleted."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from mnist_core.figures.live import ALL_POINTS
from mnist_core.figures.overlay import overlay_panels
from mnist_core.runs import Run
from mnist_core.runs.archive import archive
from mnist_core.runs.changes import TRASH_DAYS
from mnist_core.runs.comparison import differing_settings, unique_names
from pages.shared import asking, live_chart, permalink, resources
from pages.shared.histories import curves_of
from pages.shared.visitor import who


def show(runs: Sequence[Run]) -> None:
    """Show the curves of several runs in the same charts, the settings in which they differ, and what can be done."""
    st.subheader(f"{len(runs)} runs compared", anchor=False)
    log = st.toggle("Logarithmic cost axis", key="log", bind="query-params", persist_state="session")
    panels = overlay_panels({name: curves_of(run) for name, run in unique_names(runs).items()}, log=log)
    live_chart.show(panels, run=" ".join(run.id for run in runs), key="overlay", most_points=ALL_POINTS)
    table = differing_settings(runs)
    if table.empty:
        st.markdown("All their settings are the same.")
    else:
        st.markdown("They differ only in these settings:")
        st.dataframe(table, hide_index=True, height="content")
    _actions(runs)


def _actions(runs: Sequence[Run]) -> None:
    with st.container(horizontal=True):
        st.download_button(
            f"Export {len(runs)} runs",
            partial(archive, resources.store(), runs, who=who()),
            "runs.zip",
            "application/zip",
            icon=":material/download:",
            on_click="ignore",
            help="A .zip with each run's recipe, history and network.",
        )
        with st.popover(f"Delete {len(runs)} runs", icon=":material/delete:"):
            st.markdown(
                f"Delete {len(runs)} runs with their curves and networks? They stay in the trash for {TRASH_DAYS} days."
            )
            st.button("Move to the trash", type="primary", on_click=_delete, args=(runs,))
    asking.say_why_not("delete several")


def _delete(runs: Sequence[Run]) -> None:
    for run in runs:
        asking.ask("delete several", resources.engine().delete, run.id, who=who())
    permalink.write("runs", ("runs",), {})
