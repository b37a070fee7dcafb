"""Runs: everything that was trained here, to find, compare, keep in order and repeat."""

from collections.abc import Sequence

import streamlit as st

from mnist_core.figures.live import ALL_POINTS
from mnist_core.figures.overlay import overlay_panels
from mnist_core.runs import Run
from mnist_core.runs.comparison import differing_settings, matches, overview, unique_names
from pages.places import RUNS, TRAINING
from pages.runs import run_card
from pages.shared import live_chart, page, permalink, resources
from pages.shared.histories import history as history_of

PAGE, NAMES = "runs", ("runs",)
UPDATE_S = 2.0
COLUMNS = {
    "Validation %": st.column_config.NumberColumn(format="%.2f"),
    "Test %": st.column_config.NumberColumn(format="%.2f"),
    "Time s": st.column_config.NumberColumn(format="%.1f"),
    "When": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
}


def choose(runs: Sequence[Run]) -> list[Run]:
    """Show the table of runs that match the search, and return those that are selected."""
    words = st.text_input("Search", key="find", bind="query-params", placeholder="name, notes, recipe, kind or status")
    shown = [run for run in runs if matches(run, words)]
    if permalink.arrived(PAGE, NAMES):
        st.session_state["arrivals"] = st.session_state.get("arrivals", 0) + 1
    wanted = permalink.enter(PAGE, NAMES).get("runs", "").split()
    for run_id in set(wanted) - {run.id for run in runs}:
        permalink.refuse("runs", run_id, "There is no such run; it may have been deleted.")
    # Rows are selected by position, so a table of other rows is another widget, with the same runs selected.
    rows = [position for position, run in enumerate(shown) if run.id in wanted]
    event = st.dataframe(
        overview(shown),
        hide_index=True,
        column_config=COLUMNS,
        key=f"table {st.session_state.get('arrivals', 0)} {hash(tuple(run.id for run in shown))}",
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": rows}},
        placeholder="–",
    )
    chosen = [shown[position] for position in event["selection"]["rows"]]
    permalink.write(PAGE, NAMES, {"runs": " ".join(run.id for run in chosen)} if chosen else {})
    return chosen


def compare(runs: Sequence[Run]) -> None:
    """Show the curves of several runs in the same charts, and the settings in which they differ."""
    st.subheader(f"{len(runs)} runs compared", anchor=False)
    table = differing_settings(runs)
    if table.empty:
        st.markdown("All their settings are equal.")
    else:
        st.markdown("Only these settings differ:")
        st.dataframe(table, hide_index=True, height="content")
    log = st.toggle("Logarithmic cost axis", key="log", bind="query-params", persist_state="session")
    histories = {name: history_of(run.id) for name, run in unique_names(runs).items()}
    panels = overlay_panels(histories, log=log)
    live_chart.show(panels, run=" ".join(run.id for run in runs), key="overlay", most_points=ALL_POINTS)


def watch(known: Sequence[tuple[str, str, int]]) -> None:
    """Show the page anew when a run has begun, ended or moved on by a twentieth."""
    if state(resources.store().list_runs()) != known:
        st.rerun()


def state(runs: Sequence[Run]) -> list[tuple[str, str, int]]:
    """Return what decides whether the page must be shown anew."""
    return [(run.id, run.status, int(20 * run.progress)) for run in runs]


page.head(RUNS)
all_runs = resources.store().list_runs()
if not all_runs:
    st.info("Nothing was trained yet. Start a run on the Training page; it will be listed here.")
    st.page_link(TRAINING.path, label="Go to Training", icon=":material/play_circle:")
    st.stop()
selected = choose(all_runs)
if any(run.is_active for run in all_runs):
    st.fragment(watch, run_every=UPDATE_S)(state(all_runs))
if not selected:
    st.caption("Select a run at the left edge of the table to open it, or several to compare them.")
elif len(selected) == 1:
    run_card.show(resources.store().get(selected[0].id), all_runs)
else:
    compare(selected)
