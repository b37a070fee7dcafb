"""What is running and waiting, and everything else that is kept, with ways to pause all and to delete many."""

import streamlit as st

from mnist_core.runs import ACTIVE, Run
from mnist_core.runs.administration import PAUSED
from mnist_core.runs.changes import TRASH_DAYS
from pages.shared import asking, resources
from pages.shared.visitor import who
from pages.shared.words import local_time

_REFUSAL = "administrate runs"


def show() -> None:
    """Show what is under way, then all runs, with what can be done to them."""
    runs = resources.store().list_runs(who=who())
    active = [run for run in runs if run.status in ACTIVE]
    st.subheader("Running and waiting", anchor=False)
    if active:
        _table(active, "active runs", selectable=False)
    else:
        st.caption("Nothing is running or waiting right now.")
    if resources.store().switched(PAUSED):
        st.warning("All work is paused: what waits is held back, and so is what anybody starts.")
        st.button("Let work go on", icon=":material/play_arrow:", type="primary", on_click=_let_go_on)
    else:
        st.button(
            "Pause all",
            icon=":material/pause:",
            on_click=_pause_all,
            help="Nothing is lost. Runs are paused, and tries and measurements wait, until you let work go on; then "
            "owners can resume their runs.",
        )
    asking.say_why_not(_REFUSAL)
    st.subheader("All runs", anchor=False)
    chosen = _table(runs, "all runs", selectable=True)
    st.button(
        f"Move {len(chosen)} to the trash" if chosen else "Move to the trash",
        icon=":material/delete:",
        disabled=not chosen,
        on_click=_delete,
        args=([run.id for run in chosen],),
        help=f"They can be restored for {TRASH_DAYS} days.",
    )


def _table(runs: list[Run] | tuple[Run, ...], name: str, *, selectable: bool) -> list[Run]:
    columns = {
        "Run": [run.name for run in runs],
        "Status": [run.status for run in runs],
        "Progress %": [round(100 * run.progress) for run in runs],
        "Owner": [run.owner[:8] for run in runs],
        "Visible to": [run.visibility for run in runs],
        "Created": [local_time(run.created_at_utc) for run in runs],
        "Training s": [round(run.train_s, 1) for run in runs],
        "Worker": [run.worker for run in runs],
    }
    if not selectable:
        st.dataframe(columns, hide_index=True, key=name)
        return []
    event = st.dataframe(
        columns,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        # Rows are selected by position, so a table of other rows is another widget.
        key=f"{name} {hash(tuple(run.id for run in runs))}",
    )
    return [runs[row] for row in event["selection"]["rows"]]


def _pause_all() -> None:
    asking.ask(_REFUSAL, resources.engine().pause_all, who=who())


def _let_go_on() -> None:
    asking.ask(_REFUSAL, resources.engine().let_go_on, who=who())


def _delete(run_ids: list[str]) -> None:
    for run_id in run_ids:
        asking.ask(_REFUSAL, resources.engine().delete, run_id, who=who())
