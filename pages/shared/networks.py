"""Networks that read: the newest of a run, loaded once for all who look at it, and the one that comes with the app."""

from dataclasses import dataclass

import streamlit as st

from mnist_core.nn import MLP
from mnist_core.runs import OPERATOR, Run
from mnist_core.training import TrainingConfig
from mnist_core.training.packaged_model import packaged_model
from pages.shared import resources, run_picker


@dataclass(frozen=True, eq=False)
class Reader:
    """A network, what to call it, and what stands for it in the address bar of pages that choose one.

    With a temperature, found on images that it did not learn from, its probabilities mean what they say. `config` is
    what a run was trained with.
    """

    name: str
    network: MLP
    link: str
    temperature: float | None = None
    config: TrainingConfig | None = None


def of_run(run: Run) -> Reader:
    """Return the newest network of a run; StoreError where there is none yet."""
    return Reader(run.name, newest(run), run.id, run.temperature, run.config)


def packaged() -> Reader:
    """Return the network that comes with the app. It knows MNIST alone, all of whose training images it has learnt."""
    model = packaged_model()
    return Reader(run_picker.PACKAGED_NAME, model.network, run_picker.PACKAGED, model.temperature)


def newest(run: Run) -> MLP:
    """Return a run's final network, or that of its newest checkpoint while it goes on. Never to be changed.

    Raises
    ------
    StoreError
        There is none yet.
    """
    return _newest(run.id, run.epochs_done, run.status)


# Whoever asks has read the run as themselves before.
@st.cache_resource(max_entries=16, show_spinner=False)
def _newest(run_id: str, epochs_done: int, status: str) -> MLP:
    return resources.store().network(run_id, who=OPERATOR)


def can_read(run: Run) -> bool:
    """Whether a run has learnt something of these data and its weights are numbers."""
    same_data = run.dataset_fingerprint in ("", resources.dataset().fingerprint)
    return run.epochs_done > 0 and run.status not in {"diverged", "failed"} and same_data
