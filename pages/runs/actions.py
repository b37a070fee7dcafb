"""What can be done with one run: look at it elsewhere, repeat it, continue it, keep it, name it, delete it."""

import streamlit as st

from mnist_core.runs import Run
from mnist_core.runs.changes import MAX_NAME, MAX_NOTES, TRASH_DAYS
from mnist_core.settings import settings
from pages.places import EVALUATION, TRAINING
from pages.shared import asking, permalink, resources
from pages.shared.plain import plain
from pages.shared.visitor import may_change, who

_MORE = 2  # times as many epochs are offered at first


def show(run: Run) -> None:
    """Show the links and buttons in one row."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(TRAINING.path, label="Curves", icon=":material/show_chart:", query_params={"run": run.id})
        st.page_link(EVALUATION.path, label="Evaluate", icon=":material/fact_check:", query_params={"run": run.id})
        mine = may_change(run)
        label = "Run again" if mine else "Run again as mine"
        st.button(label, icon=":material/replay:", on_click=_run_again, args=(run,))
        if mine:
            _of_the_owner(run)
    asking.say_why_not("action")


def _of_the_owner(run: Run) -> None:
    """Show what only the owner of a run, or an administrator, can do."""
    if run.status in {"stopped", "finished"}:
        with st.popover("Train for longer", icon=":material/more_time:"):
            _extend(run)
    _pin(run)
    _share(run)
    with st.popover("Rename or annotate", icon=":material/edit:"):
        _edit(run)
    with st.popover("Delete", icon=":material/delete:"):
        st.markdown(
            f"Delete **{plain(run.name)}** with its curves and network? It stays in the trash for {TRASH_DAYS} days."
        )
        st.button("Move to the trash", type="primary", on_click=_delete, args=(run.id,))


def _share(run: Run) -> None:
    is_hidden = run.visibility == "owner"
    st.button(
        "Show to everybody" if is_hidden else "Show only to me",
        icon=":material/visibility:" if is_hidden else ":material/visibility_off:",
        help="Others can see your runs and copy their recipes. A hidden run is seen by you alone.",
        on_click=asking.ask,
        args=("action", resources.store().share, run.id, "everybody" if is_hidden else "owner"),
        kwargs={"who": who()},
    )


def _run_again(run: Run) -> None:
    submit = resources.engine().submit
    asking.ask("action", submit, run.config, kind=run.kind, who=who(), name=f"{run.name} again")


def _extend(run: Run) -> None:
    st.markdown("The run continues from its last checkpoint. The test set judges it again when it has finished.")
    most = settings().max_epochs
    first = min(most, max(run.epochs_done + 1, _MORE * run.config.epochs))
    with st.form(f"extend {run.id}", border=False):
        epochs = st.number_input("Epochs in total", 1, most, first, key=f"epochs {run.id}")
        if st.form_submit_button("Continue"):
            asking.ask("action", resources.engine().extend, run.id, int(epochs), who=who())
            st.rerun()


def _pin(run: Run) -> None:
    label, icon = ("Unpin", ":material/keep_off:") if run.pinned else ("Pin", ":material/keep:")
    words = "A pinned run is never deleted to make space for others."
    st.button(
        label,
        icon=icon,
        help=words,
        on_click=asking.ask,
        args=("action", resources.store().pin, run.id, not run.pinned),
        kwargs={"who": who()},
    )


def _edit(run: Run) -> None:
    with st.form(f"edit {run.id}", border=False):
        name = st.text_input("Name", run.name, max_chars=MAX_NAME, key=f"name {run.id}")
        notes = st.text_area("Notes", run.notes, max_chars=MAX_NOTES, key=f"notes {run.id}")
        if not st.form_submit_button("Save"):
            return
    if not name.strip():
        st.error("The name is empty. Type at least one letter.")
        return
    asking.ask("action", resources.store().rename, run.id, name, who=who())
    asking.ask("action", resources.store().annotate, run.id, notes, who=who())
    st.rerun()


def _delete(run_id: str) -> None:
    asking.ask("action", resources.engine().delete, run_id, who=who())
    permalink.write("runs", ("runs",), {})
