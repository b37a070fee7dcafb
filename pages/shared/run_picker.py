"""Choose a run, bound to the address bar. Every page about a run uses it."""

from collections.abc import Callable, Iterable

import streamlit as st

from mnist_core.data.provenance import is_mnist
from mnist_core.errors import StoreError
from mnist_core.runs import Run
from mnist_core.runs.comparison import best_run
from mnist_core.runs.names import recipe_name
from mnist_core.training.packaged_model import packaged_model
from pages.shared import permalink, resources, window
from pages.shared.visitor import who
from pages.shared.words import percent

NEWEST = 100
MOST_COMPARED = 4
# Stands in the list, and in the address bar, for the network that comes with the app.
PACKAGED = "packaged"
PACKAGED_NAME = "Packaged network"


def choose(
    page: str,
    *,
    name: str = "run",
    label: str = "Run",
    among: Callable[[Run], bool] = lambda _: True,
    required: bool = True,
    packaged: bool = False,
) -> Run | None:
    """Show a selector of runs, and return the chosen one; None if there is none to choose, or none was chosen.

    Parameters
    ----------
    page
        The page's word for `permalink`. The choice is kept in the address bar as the parameter `name`.
    among
        Which runs can be chosen, such as ``lambda run: run.status == "finished"``.
    required
        Whether `usual` chooses a run at first; otherwise the selector starts empty and can be cleared.
    packaged
        Whether the packaged network, which reads MNIST alone, is in the list too, and chosen where `usual` finds
        nothing. `is_packaged` tells whether it was: None is returned for it.
    """
    runs = {run.id: run for run in resources.store().list_runs(NEWEST, who=who()) if among(run)}
    packaged = packaged and is_mnist(resources.dataset())
    key = _key(page, name)
    at_first = f"{key} at first"
    arrived = permalink.arrived(page, (name,))
    if arrived or key not in st.session_state:
        st.session_state[key] = permalink.enter(page, (name,)).get(name)
        if not arrived and st.session_state[key] == st.session_state.get(at_first):
            st.session_state[key] = None  # the page chose it by itself; by now it may choose a newer run
    wanted = st.session_state[key]
    if wanted is not None and not (packaged and wanted == PACKAGED) and not _add(runs, wanted, name, among):
        wanted = None
    options = [*([PACKAGED] if packaged else []), *runs]
    # Set again on each run of the page, so that a list of runs that has grown does not reset the choice.
    if wanted is None and required:
        wanted = st.session_state[at_first] = _first(runs, packaged)
    st.session_state[key] = wanted
    chosen = st.selectbox(
        label,
        options,
        key=key,
        index=0 if required and options else None,
        format_func=lambda option: describe_packaged() if option == PACKAGED else describe(runs[option]),
        placeholder="Choose a run" if options else "No run yet",
        disabled=not options,
    )
    permalink.write(page, (name,), {name: chosen} if chosen else {})
    return runs.get(chosen) if chosen else None


def usual(runs: Iterable[Run]) -> Run | None:
    """Return the run that a page opens with: the visitor's own last finished one, or else the best by validation.

    Parameters
    ----------
    runs
        The newest first. Runs on other data are passed over.
    """
    me, fingerprint = who().identity, resources.dataset().fingerprint
    here = [run for run in runs if run.dataset_fingerprint in ("", fingerprint)]
    own = (run for run in here if run.owner == me and run.status == "finished")
    return next(own, None) or best_run(here, fingerprint)


def is_packaged(page: str, *, name: str = "run") -> bool:
    """Tell whether the packaged network is what was chosen."""
    return st.session_state.get(_key(page, name)) == PACKAGED


def compare(page: str, shown: Run) -> list[Run]:
    """Show a selector of up to four other runs to lay over `shown`, kept in the address bar as "compare"."""
    runs = {
        run.id: run for run in resources.store().list_runs(NEWEST, who=who()) if run.id != shown.id and run.epochs_done
    }
    key = _key(page, "compare")
    if permalink.arrived(page, ("compare",)) or key not in st.session_state:
        linked = permalink.enter(page, ("compare",)).get("compare", "")
        st.session_state[key] = [run_id for run_id in linked.split(",") if run_id]
    st.session_state[key] = [run_id for run_id in st.session_state[key] if _add(runs, run_id, "compare")]
    if not runs:
        permalink.write(page, ("compare",), {})
        return []
    chosen = st.multiselect(
        "Compare with",
        list(runs),
        key=key,
        format_func=lambda run_id: describe(runs[run_id]),
        max_selections=MOST_COMPARED,
        placeholder="Earlier runs",
    )
    permalink.write(page, ("compare",), {"compare": ",".join(chosen)} if chosen else {})
    return [runs[run_id] for run_id in chosen]


def show_instead(page: str, run_id: str, *, name: str = "run") -> None:
    """Make `run_id` the chosen run, in sight on a phone too. To be called in a callback, before the page runs."""
    st.session_state[_key(page, name)] = run_id
    window.close_sidebar()


def describe_packaged() -> str:
    """Describe the packaged network in a few words."""
    return f"{PACKAGED_NAME} ({percent(packaged_model().test_accuracy)})"


def describe(run: Run) -> str:
    """Describe a run in a few words: name, kind, recipe, and accuracy or how it ended.

    Nothing is said about the state of a run that is still going on, because a selector is not updated with it.
    """
    parts = ["Keras"] if run.kind == "keras" else []
    parts.append(recipe_name(run.config))
    if run.test_accuracy is not None:
        parts.append(percent(run.test_accuracy))
    elif run.has_ended:
        parts.append(run.status)
    return f"{run.name} ({', '.join(parts)})"


def _first(runs: dict[str, Run], packaged: bool) -> str | None:
    """Return what is chosen at first where something must be."""
    if run := usual(runs.values()):
        return run.id
    return PACKAGED if packaged else next(iter(runs), None)


def _add(runs: dict[str, Run], wanted: str, name: str, among: Callable[[Run], bool] = lambda _: True) -> bool:
    """Make sure that `runs` holds the wanted run, which may be older than the newest; say so if it cannot be shown."""
    if wanted in runs:
        return True
    try:
        run = resources.store().get(wanted, who=who())
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
