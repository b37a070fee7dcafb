"""Choose a run, bound to the address bar. Every page about a run uses it."""

from collections.abc import Callable

import streamlit as st

from mnist_core.errors import StoreError
from mnist_core.runs import Run
from mnist_core.runs.names import recipe_name
from pages.shared import permalink, resources
from pages.shared.words import percent

NEWEST = 100
MOST_COMPARED = 4


def choose(
    page: str,
    *,
    name: str = "run",
    label: str = "Run",
    among: Callable[[Run], bool] = lambda _: True,
    required: bool = True,
) -> Run | None:
    """Show a selector of runs, and return the chosen one; None if there is none to choose, or none was chosen.

    Parameters
    ----------
    page
        The page's word for `permalink`. The choice is kept in the address bar as the parameter `name`.
    among
        Which runs can be chosen, such as ``lambda run: run.status == "finished"``.
    required
        Whether the newest run is chosen at first; otherwise the selector starts empty and can be cleared.
    """
    runs = {run.id: run for run in resources.store().list_runs(NEWEST) if among(run)}
    key = _key(page, name)
    if permalink.arrived(page, (name,)) or key not in st.session_state:
        st.session_state[key] = permalink.enter(page, (name,)).get(name)
    wanted = st.session_state[key]
    if wanted is not None and not _add(runs, wanted, name, among):
        wanted = None
    # Set anew on each run, so that a list of runs that has grown does not reset the choice.
    st.session_state[key] = wanted or (next(iter(runs), None) if required else None)
    chosen = st.selectbox(
        label,
        list(runs),
        key=key,
        index=0 if required and runs else None,
        format_func=lambda run_id: describe(runs[run_id]),
        placeholder="Choose a run" if runs else "No run yet",
        disabled=not runs,
    )
    permalink.write(page, (name,), {name: chosen} if chosen else {})
    return runs[chosen] if chosen else None


def compare(page: str, shown: Run) -> list[Run]:
    """Show a selector of up to four other runs to lay over `shown`, kept in the address bar as "compare"."""
    runs = {run.id: run for run in resources.store().list_runs(NEWEST) if run.id != shown.id and run.epochs_done}
    key = _key(page, "compare")
    if permalink.arrived(page, ("compare",)) or key not in st.session_state:
        linked = permalink.enter(page, ("compare",)).get("compare", "")
        st.session_state[key] = [run_id for run_id in linked.split(",") if run_id]
    st.session_state[key] = [run_id for run_id in st.session_state[key] if _add(runs, run_id, "compare")]
    chosen = st.multiselect(
        "Compare with",
        list(runs),
        key=key,
        format_func=lambda run_id: describe(runs[run_id]),
        max_selections=MOST_COMPARED,
        placeholder="Earlier runs" if runs else "No other run yet",
        disabled=not runs,
    )
    permalink.write(page, ("compare",), {"compare": ",".join(chosen)} if chosen else {})
    return [runs[run_id] for run_id in chosen]


def show_instead(page: str, run_id: str, *, name: str = "run") -> None:
    """Make `run_id` the chosen run. To be called in a callback, before the page runs again."""
    st.session_state[_key(page, name)] = run_id


def describe(run: Run) -> str:
    """Return a run in a few words: name, kind, recipe, and accuracy or how it ended.

    Nothing is said about a run that goes on, because a selector is not updated with it.
    """
    parts = ["Keras"] if run.kind == "keras" else []
    parts.append(recipe_name(run.config))
    if run.test_accuracy is not None:
        parts.append(percent(run.test_accuracy))
    elif run.has_ended:
        parts.append(run.status)
    return f"{run.name} ({', '.join(parts)})"


def _add(runs: dict[str, Run], wanted: str, name: str, among: Callable[[Run], bool] = lambda _: True) -> bool:
    """Make sure that `runs` holds the wanted run, which may be older than the newest; say so if it cannot be shown."""
    if wanted in runs:
        return True
    try:
        run = resources.store().get(wanted)
    except StoreError as error:
        permalink.refuse(name, wanted, str(error))
        return False
    if not among(run):
        permalink.refuse(name, wanted, f"{run.name} is {run.status} and cannot be shown here.")
        return False
    runs[wanted] = run
    return True


def _key(page: str, name: str) -> str:
    return f"{page}.{name}"
