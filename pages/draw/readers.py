"""Who reads: a run or the packaged network, and a second one beside it if wanted."""

from functools import partial

import streamlit as st

from mnist_core.data.provenance import is_mnist
from mnist_core.errors import StoreError
from mnist_core.runs import Run
from mnist_core.training import TrainingConfig
from mnist_core.training.fair import hold_out
from mnist_core.training.packaged_model import packaged_model
from pages.shared import asking, calm, networks, resources, run_picker
from pages.shared.plain import plain
from pages.shared.visitor import who
from pages.shared.words import percent

PAGE = "draw"
_TRAINED = "run that the Draw page trains"


def choose() -> list[networks.Reader]:
    """Show who can read, and return the one or two that were chosen, the main one first.

    On other data than MNIST there is no packaged network, so there may be nobody.
    """
    first, second = st.columns(2)
    with first:
        run = run_picker.choose(PAGE, label="Who reads", among=networks.can_read, packaged=True)
    with second:
        other = run_picker.choose(
            PAGE, name="second", label="Second opinion", among=networks.can_read, required=False, packaged=True
        )
    if _TRAINED in st.session_state or not any(
        map(networks.can_read, resources.store().list_runs(run_picker.NEWEST, who=who()))
    ):
        _offer_training()
    first_reader = run and _of_run(run)
    if first_reader is None and not is_mnist(resources.dataset()):
        return []
    readers = [first_reader or networks.packaged()]
    if other:
        return [*readers, *filter(None, [_of_run(other)])]
    return [*readers, networks.packaged()] if run_picker.is_packaged(PAGE, name="second") else readers


def _of_run(run: Run) -> networks.Reader | None:
    try:
        return networks.of_run(run)
    except StoreError as error:
        st.warning(plain(str(error)))
        return None


def _offer_training() -> None:
    """Say who reads until something has been trained, and offer to train one here."""
    if is_mnist(resources.dataset()):
        model = packaged_model()
        low, high = model.test_interval
        st.markdown(
            "No network trained here can read yet, so the network that comes with the app answers. It reads "
            f"{percent(model.test_accuracy)} of MNIST's test images correctly.",
            help=f"95 % interval {percent(low)} to {percent(high)}. Made by `{model.command}`",
        )
    else:
        name = resources.dataset().name
        st.markdown(f"No network has been trained on **{name}** yet, so none can read your drawing.")
    run_id = st.session_state.get(_TRAINED)
    if run_id is None:
        st.button("Train one in seconds", icon=":material/play_arrow:", on_click=_train)
        asking.say_why_not(_TRAINED)
    else:
        _follow(run_id)


def _train() -> None:
    if run_id := asking.submit(_TRAINED, hold_out(TrainingConfig.preset("fast"))):
        st.session_state[_TRAINED] = run_id


@partial(calm.fragment, run_every=1)
def _follow(run_id: str) -> None:
    """Show how far the new run is, until it can read or has ended otherwise."""
    try:
        run = resources.store().get(run_id, who=who())
    except StoreError:
        del st.session_state[_TRAINED]
        st.rerun()
    if run.status == "finished":
        del st.session_state[_TRAINED]
        st.query_params["run"] = run_id
        st.rerun()
    if run.has_ended:
        st.error(plain(f"{run.name} {run.status}: {run.error or 'it has learnt nothing.'}"))
        st.button("Try again", on_click=_train)
        asking.say_why_not(_TRAINED)
        return
    st.progress(run.progress, plain(f"{run.name} is {run.status}. {resources.engine().problem}"))
