"""The table of all runs: searched, sorted, its columns chosen, and some of it selected."""

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from mnist_core.runs import Run
from mnist_core.runs.comparison import OUTCOME, overview, setting_labels
from mnist_core.runs.search import parse
from pages.shared import permalink
from pages.shared.glossary import means
from pages.shared.visitor import who

PAGE, NAMES = "runs", ("runs",)
COLUMNS = (*OUTCOME, *setting_labels().values())
_AT_FIRST = (*OUTCOME[:8], "Hidden units", "Learning rate", "Batch size", "Optimizer", "Seed", "Owner", "Notes")


def choose(runs: Sequence[Run]) -> list[Run]:
    """Show the table of runs that match the search, and return those that are selected."""
    shown = _found(runs)
    if permalink.arrived(PAGE, NAMES):
        st.session_state["arrivals"] = st.session_state.get("arrivals", 0) + 1
    wanted = permalink.enter(PAGE, NAMES).get("runs", "").split()
    for run_id in set(wanted) - {run.id for run in runs}:
        permalink.refuse("runs", run_id, "There is no such run. It may have been deleted.")
    # Rows are selected by position, so a table of other rows is another widget, with the same runs selected.
    rows = [position for position, run in enumerate(shown) if run.id in wanted]
    event = st.dataframe(
        overview(shown, who().identity),
        hide_index=True,
        column_order=_columns(),
        column_config=_formats(),
        key=f"table {st.session_state.get('arrivals', 0)} {hash(tuple(run.id for run in shown))}",
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": rows}},
        placeholder="–",
    )
    chosen = [shown[position] for position in event["selection"]["rows"]]
    permalink.write(PAGE, NAMES, {"runs": " ".join(run.id for run in chosen)} if chosen else {})
    return chosen


def _found(runs: Sequence[Run]) -> list[Run]:
    text = st.text_input(
        "Search",
        key="find",
        bind="query-params",
        placeholder="A name, a note or a status, or a setting such as optimizer:adam",
    )
    search = parse(text)
    for field in search.unknown:
        st.info(f"There is no setting called “{field}”. Try {', '.join(list(setting_labels())[:5])} …")
    return [run for run in runs if search.finds(run)]


def _columns() -> list[str]:
    """Let the visitor choose the columns; the link keeps the choice."""
    with st.popover("Columns", icon=":material/view_column:"):
        return st.multiselect(
            "Columns", COLUMNS, default=_AT_FIRST, key="columns", bind="query-params", persist_state="session"
        )


def _formats() -> dict[str, ColumnConfig]:
    return {
        "Validation %": st.column_config.NumberColumn(format="%.2f", help=means("validation accuracy")),
        "Test %": st.column_config.NumberColumn(format="%.2f", help=means("test set")),
        "Time s": st.column_config.NumberColumn(format="%.1f"),
        "When": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone=st.context.timezone),
    }
