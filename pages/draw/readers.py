"""Who reads: the chosen run, any second run beside it, and the packaged network."""

from dataclasses import dataclass

import streamlit as st

from mnist_core.errors import StoreError
from mnist_core.nn import MLP
from mnist_core.runs import Run
from mnist_core.training import TrainingConfig
from mnist_core.training.packaged_model import PackagedModel, packaged_model
from pages.shared import asking, permalink, resources, run_picker
from pages.shared.words import percent

PAGE = "draw"
PACKAGED = "packaged network"
_TRAINED = "run that the Draw page trains"
_ON_OFF = ("true", "false")


@dataclass(frozen=True, eq=False)
class Reader:
    """A network and what to call it."""

    name: str
    network: MLP


def choose() -> list[Reader]:
    """Show who can read, and return the chosen ones, the main one first; the packaged network if nothing else can."""
    readers = []
    if any(map(can_read, resources.store().list_runs(run_picker.NEWEST))):
        first, second = st.columns(2)
        with first:
            run = run_picker.choose(PAGE, label="Who reads", among=can_read)
        with second:
            other = run_picker.choose(PAGE, name="second", label="Second opinion", among=can_read, required=False)
        permalink.check("packaged", _ON_OFF)
        packaged_too = st.toggle("Ask the packaged network too", key="packaged", bind="query-params")
        readers = [reader for chosen in (run, other) if chosen and (reader := _of_run(chosen))]
        if readers and not packaged_too:
            return readers
    else:
        _offer_training()
    return [*readers, Reader(PACKAGED, _packaged().network)]


def can_read(run: Run) -> bool:
    """Whether a run has learnt something and its weights are numbers."""
    return run.epochs_done > 0 and run.status not in {"diverged", "failed"}


def _of_run(run: Run) -> Reader | None:
    try:
        return Reader(run.name, _network(run.id, run.epochs_done))
    except StoreError as error:
        st.warning(str(error))
        return None


@st.cache_resource(max_entries=8, show_spinner=False)
def _network(run_id: str, epochs_done: int) -> MLP:
    return resources.store().network(run_id)


@st.cache_resource(show_spinner=False)
def _packaged() -> PackagedModel:
    return packaged_model()


def _offer_training() -> None:
    """Say that the packaged network reads, and offer to train one here."""
    model = _packaged()
    low, high = model.test_interval
    st.markdown(
        f"No run of yours can read yet, so the **packaged network** answers: {percent(model.test_accuracy)} of "
        "MNIST's test images correct.",
        help=f"95 % interval {percent(low)} to {percent(high)}. Made by `{model.command}`",
    )
    run_id = st.session_state.get(_TRAINED)
    if run_id is None:
        st.button("Train one in seconds", icon=":material/play_arrow:", on_click=_train)
        asking.say_why_not(_TRAINED)
    else:
        _follow(run_id)


def _train() -> None:
    if run_id := asking.submit(_TRAINED, TrainingConfig.preset("fast")):
        st.session_state[_TRAINED] = run_id


@st.fragment(run_every=1)
def _follow(run_id: str) -> None:
    """Show how far the new run is, until it can read or has ended otherwise."""
    try:
        run = resources.store().get(run_id)
    except StoreError:
        del st.session_state[_TRAINED]
        st.rerun()
    if can_read(run):
        st.rerun()
    if run.has_ended:
        st.error(f"{run.name} {run.status}: {run.error or 'it has learnt nothing.'}")
        st.button("Try again", on_click=_train)
        asking.say_why_not(_TRAINED)
        return
    st.progress(run.progress, f"{run.name} is {run.status}. {resources.engine().problem}")
