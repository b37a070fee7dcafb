"""The sidebar: a recipe, or that of a finished run, and the button that trains a pair."""

import streamlit as st

from mnist_core.jobs.pair import submit_pair
from mnist_core.keras_twin import INSTALL_COMMAND, INSTALLS_WHERE, is_installed
from mnist_core.nn.parameters import count_parameters
from mnist_core.runs import Run
from mnist_core.training.config import TrainingConfig
from mnist_core.training.query import to_query
from pages.shared import asking, permalink, recipe, recipe_form, resources, run_picker
from pages.shared.visitor import visitor

PAGE = "keras comparison"
NAMES = (*recipe.FIELDS, "pair")
_SOURCE = "recipe of a run"


def sidebar() -> TrainingConfig | None:
    """Show the recipe and the button; return the recipe, or None if it is not valid."""
    if permalink.arrived(PAGE, NAMES) or not recipe.is_filled():
        state = permalink.enter(PAGE, NAMES)
        recipe.fill_from({**state, "run": state["pair"]} if "pair" in state else state)
    with st.sidebar:
        recipe_form.show_presets()
        _recipe_of_a_run()
        config, problems = recipe.current()
        st.button(
            "Train the pair",
            type="primary",
            icon=":material/compare_arrows:",
            width="stretch",
            on_click=begin,
            args=(config,),
            disabled=config is None or not is_installed(),
            help="Trains this recipe in NumPy, then in Keras, on the same worker.",
        )
        if config:
            st.caption(f"{count_parameters(config.layer_sizes):,} parameters to learn, twice")
            permalink.write(PAGE, recipe.FIELDS, to_query(config))
        recipe_form.show_problems(problems)
        asking.say_why_not("pair")
        recipe_form.show_fair_switch()
        recipe_form.show_fields(problems)
    return config


def begin(config: TrainingConfig) -> None:
    """Submit a pair and show it. To be called in a callback."""
    if first := asking.ask("pair", submit_pair, resources.engine(), config, visitor()):
        run_picker.show_instead(PAGE, first, name="pair")


def say_if_missing() -> None:
    """Say how to install TensorFlow where it is missing."""
    if not is_installed():
        st.warning(
            "This page needs Keras and TensorFlow, which are not installed here: no new pair can be trained. Pairs "
            f"that have been trained before are still shown. {INSTALLS_WHERE}",
            icon=":material/download:",
        )
        st.code(INSTALL_COMMAND, language="bash")


def _recipe_of_a_run() -> None:
    runs = {run.id: run for run in resources.store().list_runs(run_picker.NEWEST) if _is_finished(run)}
    if runs:
        st.selectbox(
            "Take the recipe of a finished run",
            list(runs),
            index=None,
            key=_SOURCE,
            format_func=lambda run_id: run_picker.describe(runs[run_id]),
            placeholder="Choose a run",
            on_change=_take_recipe,
        )


def _take_recipe() -> None:
    if run_id := st.session_state[_SOURCE]:
        recipe.fill_from({"run": run_id})


def _is_finished(run: Run) -> bool:
    return run.kind == "numpy" and run.status == "finished"
