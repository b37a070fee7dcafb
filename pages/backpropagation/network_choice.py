"""Whose weights are updated: a lesson's, a run's at one of its snapshots, the packaged network's, or fresh ones."""

from dataclasses import dataclass
from typing import Any

import streamlit as st
from pydantic import ValidationError

from mnist_core.data.dataset import Split
from mnist_core.lessons.catalogue import LESSONS, first_network, lesson_network
from mnist_core.lessons.step_sizes import first
from mnist_core.nn import MLP
from mnist_core.nn.parameters import count_parameters
from mnist_core.runs import OPERATOR, Run
from mnist_core.training.config import TrainingConfig, explain
from mnist_core.training.packaged_model import packaged_model
from mnist_core.training.query import from_query
from pages.shared import permalink, resources, run_picker
from pages.shared.controls import controls
from pages.shared.plain import plain
from pages.shared.visitor import who

PAGE = "backpropagation"
# Of the fresh weights: their fields, and their names in the address bar.
FRESH = {"hidden_units": "units", "activation": "bend", "initializer": "start", "seed": "weights"}
MOST_PARAMETERS = 2_000_000
BATCH = 500


@dataclass(frozen=True)
class ChosenNetwork:
    """A network, named by its key; what it is in words; and the recipe that it came from.

    Attributes
    ----------
    key
        ("lesson", name), ("run", id, epochs done), ("packaged",) or ("fresh", config as JSON).
    """

    key: tuple[str, ...]
    words: str
    config: TrainingConfig


def batch() -> Split:
    """Return the training images on which the lessons measure."""
    return first(resources.dataset().train, BATCH)


@st.cache_resource(show_spinner=False, max_entries=8)
def network_of(key: tuple[str, ...]) -> MLP:
    """Return the network that a key names; never changed, and for all who may see its run."""
    if key[0] == "lesson":
        return lesson_network(key[1], batch())
    if key[0] == "packaged":
        return packaged_model().network
    if key[0] == "run":
        return resources.store().snapshot(key[1], int(key[2]), who=OPERATOR)
    return first_network(TrainingConfig.model_validate_json(key[1]))


def choose(lesson: str | None) -> ChosenNetwork:
    """Show the ways to choose a network, and return the chosen one."""
    if lesson:
        config = LESSONS[lesson].config
        st.markdown("**Network**")
        st.markdown(f"That of the lesson: {describe(config)}.")
        return ChosenNetwork(("lesson", lesson), f"The lesson's {describe(config)}", config)
    run = run_picker.choose(PAGE, label="Whose weights (leave empty for fresh ones)", required=False, packaged=True)
    if run is None and run_picker.is_packaged(PAGE):
        return _packaged()
    chosen = _of_run(run) if run else _fresh()
    if count_parameters(chosen.config.layer_sizes) <= MOST_PARAMETERS:
        return chosen
    st.warning(
        f"This page takes apart networks of up to {MOST_PARAMETERS:,} parameters; this one has "
        f"{count_parameters(chosen.config.layer_sizes):,}. The published architecture is shown instead."
    )
    return _fresh_of(TrainingConfig())


def describe(config: TrainingConfig) -> str:
    """Return the architecture in a few words."""
    sizes = "-".join(str(size) for size in config.layer_sizes)
    return f"{sizes} network with {config.activation}" if config.hidden_units else f"{sizes} network"


def _of_run(run: Run) -> ChosenNetwork:
    epochs = resources.store().snapshot_epochs(run.id, who=who())
    if not epochs:
        st.info(f"{plain(run.name)} has kept no snapshot yet, so its first weights are shown.")
        return _fresh_of(run.config)
    if len(epochs) == 1:
        epoch = epochs[0]
    else:
        permalink.check("epoch", [str(epoch) for epoch in epochs])
        if st.session_state.get("epoch") not in epochs:
            st.session_state.pop("epoch", None)
        epoch = st.select_slider(
            "After how many epochs", epochs, value=epochs[-1], key="epoch", bind="query-params", persist_state="session"
        )
    passes = "1 epoch" if epoch == 1 else f"{epoch:,} epochs"
    return ChosenNetwork(("run", run.id, str(epoch)), f"{plain(run.name)} after {passes}", run.config)


def _packaged() -> ChosenNetwork:
    config = TrainingConfig.preset(packaged_model().preset)
    return ChosenNetwork(("packaged",), "The packaged network", config)


def _fresh() -> ChosenNetwork:
    with st.expander("Fresh weights"):
        named = {field: str(_field(field)) for field in FRESH}
    try:
        return _fresh_of(from_query(named))
    except ValidationError as error:
        st.error(plain(explain(error)))
        return _fresh_of(TrainingConfig())


def _field(field: str) -> object:
    """Show the widget of a field of the config, under its own name in the address bar."""
    control = next(control for control in controls() if control.field == field)
    about: dict[str, Any] = {
        "key": FRESH[field],
        "bind": "query-params",
        "persist_state": "session",
        "help": control.help,
    }
    default = TrainingConfig.model_fields[field].default
    if control.kind == "choice":
        permalink.check(FRESH[field], control.options)
        return st.selectbox(control.label, control.options, control.options.index(default), **about)
    if control.kind == "text":
        return st.text_input(control.label, "-".join(map(str, default)), **about) or "none"
    low, high = int(control.low or 0), int(control.high or 0)
    permalink.check_number(FRESH[field], low, high)
    return st.number_input(control.label, low, high, default, step=1, **about)


def _fresh_of(config: TrainingConfig) -> ChosenNetwork:
    return ChosenNetwork(("fresh", config.model_dump_json()), f"A fresh {describe(config)}", config)
