"""A network that is judged by the test set. Its answers are computed once and kept."""

from dataclasses import dataclass

import streamlit as st

from mnist_core.data.unconfirmed import unconfirmed_test_indices
from mnist_core.evaluation import Evaluation, Predictions, leave_out, predict, summarize
from mnist_core.nn import MLP
from mnist_core.runs import OPERATOR, Run
from pages.shared import resources


@dataclass(frozen=True, eq=False)
class Subject:
    """A finished network with its answers for the test set. Shared by all sessions: never changed.

    Attributes
    ----------
    name
        Of the run or the file.
    confirmed
        The same as `evaluation` without the labels that human raters did not confirm; None where there are none.
    run
        None for a model file and for the packaged network.
    """

    name: str
    network: MLP
    predictions: Predictions
    evaluation: Evaluation
    confirmed: Evaluation | None
    run: Run | None


def is_judged(run: Run) -> bool:
    """Tell whether a run has ended with a network that can be judged."""
    return run.status in {"finished", "stopped"} and run.epochs_done > 0


def of_run(run: Run) -> Subject:
    """Return a run's network with its answers, computed once for each state of its weights."""
    return _of_run(run.id, run.name, run.epochs_done, run.weights_sha256)


def judge(name: str, network: MLP, run: Run | None) -> Subject:
    """Return a network with its answers for the test set; `run` is None for one without."""
    data = resources.dataset()
    predictions, unconfirmed = predict(network, data.test), unconfirmed_test_indices(data)
    confirmed = summarize(leave_out(predictions, unconfirmed)) if len(unconfirmed) else None
    return Subject(name, network, predictions, summarize(predictions), confirmed, run)


# Kept for all who may see the run: whoever asks has read it as themselves before.
@st.cache_resource(max_entries=32, show_spinner="Reading all test images ...")
def _of_run(run_id: str, name: str, epochs_done: int, weights_sha256: str) -> Subject:
    run = resources.store().get(run_id, who=OPERATOR)
    return judge(name, resources.store().network(run_id, who=OPERATOR), run)
