"""The sidebar: a recipe, or that of a finished run, and the button that trains a pair."""

import streamlit as st

from mnist_core.jobs.pair import is_first, submit_pair
from mnist_core.keras_twin import INSTALL_COMMAND, INSTALLS_WHERE, is_installed, why_not
from mnist_core.nn.parameters import count_parameters
from mnist_core.runs import Run
from mnist_core.settings import settings
from mnist_core.training.config import TrainingConfig
from mnist_core.training.query import to_query
from pages.shared import asking, glossary, permalink, recipe, recipe_form, resources, run_picker
from pages.shared.glossary import means
from pages.shared.plain import plain
from pages.shared.visitor import who

PAGE = "keras comparison"
NAMES = (*recipe.FIELDS, "pair")
PROOF_EPOCHS = 10
_SOURCE = "recipe of a run"
_EXACT = "exact proof"
_BEGUN = "a pair has begun"


def sidebar() -> TrainingConfig | None:
    """Show the recipe and the button; return the recipe, or None if it is not valid."""
    if permalink.arrived(PAGE, NAMES) or not recipe.is_filled():
        state = permalink.enter(PAGE, NAMES)
        recipe.fill_from({**state, "run": state["pair"]} if "pair" in state else state)
    with st.sidebar:
        recipe_form.show_presets()
        _recipe_of_a_run()
        config, problems = recipe.current()
        exact = st.toggle(
            f"Exact proof: float64, {PROOF_EPOCHS} epochs at most",
            value=True,
            key=_EXACT,
            persist_state="session",
            help=f"{means('float64')} In float64 the two networks agree to twelve decimal places or more. Switch it "
            "off to train the whole recipe in its own number format, and to compare the times.",
        )
        st.button(
            "Train the pair",
            type="primary",
            icon=":material/compare_arrows:",
            width="stretch",
            on_click=begin,
            args=(proof_of(config) if config and exact else config,),
            disabled=config is None or not can_train(),
            help="Trains this recipe in NumPy, then in Keras, on the same worker.",
        )
        if config:
            glossary.caption(f"{count_parameters(config.layer_sizes):,} [[parameters]] to learn, twice")
            permalink.write(PAGE, recipe.FIELDS, to_query(config))
        recipe_form.show_problems(problems)
        asking.say_why_not("pair")
        recipe_form.show_fair_switch()
        recipe_form.show_fields(problems)
    return config


def begin(config: TrainingConfig) -> None:
    """Submit a pair and show it. To be called in a callback."""
    if first := asking.ask("pair", submit_pair, resources.engine(), config, who=who()):
        _show(first)


def begin_once(config: TrainingConfig) -> None:
    """Show the pair of this recipe; submit it if there is none. To be called in a callback."""
    pairs = (run for run in resources.store().list_runs(who=who()) if is_first(run) and run.config == config)
    known = next((run for run in pairs if run.status in {"queued", "running", "paused", "finished"}), None)
    if known:
        _show(known.id)
    else:
        begin(config)


def proof_of(config: TrainingConfig) -> TrainingConfig:
    """Return the first epochs of a recipe in float64, where a real difference cannot hide behind rounding."""
    return config.model_copy(update={"dtype": "float64", "epochs": min(config.epochs, PROOF_EPOCHS)})


def go_to_new_pair() -> None:
    """Show the whole page again if a button in a fragment has begun a pair: it would go on showing the old one."""
    if st.session_state.pop(_BEGUN, False):
        st.rerun()


def _show(first_id: str) -> None:
    run_picker.show_instead(PAGE, first_id, name="pair")
    st.session_state[_BEGUN] = True


def can_train() -> bool:
    """Tell whether this server can and may train with Keras."""
    return is_installed() and not why_not(settings())


def say_if_missing() -> None:
    """Say why no pair can be trained here, and how to install TensorFlow where it is missing."""
    if reason := why_not(settings()):
        st.warning(f"{plain(reason)} Pairs that have been trained before are still shown.", icon=":material/memory:")
    elif not is_installed():
        st.warning(
            "This page needs Keras and TensorFlow, which are not installed here: no new pair can be trained. Pairs "
            f"that have been trained before are still shown. {INSTALLS_WHERE}",
            icon=":material/download:",
        )
        st.code(INSTALL_COMMAND, language="bash")


def _recipe_of_a_run() -> None:
    runs = {run.id: run for run in resources.store().list_runs(run_picker.NEWEST, who=who()) if _is_finished(run)}
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
