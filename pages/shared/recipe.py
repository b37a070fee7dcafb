"""The recipe in the sidebar: every field of TrainingConfig as a widget, checked as it is set.

Each widget's value lives in the session under "recipe.<field>"; the address bar holds what differs from the defaults.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import streamlit as st
from pydantic import ValidationError

from mnist_core.errors import StoreError
from mnist_core.runs.names import matching_preset
from mnist_core.training.config import TrainingConfig, explain
from mnist_core.training.presets import DESCRIPTIONS, PRESETS
from mnist_core.training.query import from_query
from pages.shared import resources
from pages.shared.controls import Control, as_shown, groups, positions

FIELDS = tuple(TrainingConfig.model_fields)


def from_link(query: Mapping[str, str]) -> tuple[TrainingConfig, str]:
    """Return the config that a link describes, and what was wrong with it ("" if nothing).

    A field that cannot be used gets its default; if the fields do not fit together, all do.
    """
    given = {name: value for name, value in query.items() if name in FIELDS}
    try:
        return from_query(given), ""
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]} or set(given)
        config, _ = from_link({name: value for name, value in given.items() if name not in wrong})
        return config, explain(error)


def fill_from(query: Mapping[str, str]) -> None:
    """Fill the widgets as a link says, or as the run that it names was made; say so if the link was wrong."""
    config, problem = from_link(query)
    if "run" in query and not set(query) & set(FIELDS):
        with suppress(StoreError):  # the selector of runs says that there is none
            config = resources.store().get(query["run"]).config
    _fill(config)
    if problem:
        st.warning(f"The link cannot be used as it is; the default is shown.\n\n{problem}", icon=":material/link_off:")


def is_filled() -> bool:
    """Whether the widgets have values; they lose them when another page is shown."""
    return all(_key(name) in st.session_state for name in FIELDS)


def current() -> tuple[TrainingConfig | None, str]:
    """Return the config that the widgets hold, or None and what is wrong with it."""
    # A field left at its default is not named, so that an optimizer brings its usual momentum with it.
    default = {name: as_shown(getattr(TrainingConfig(), name)) for name in FIELDS}
    shown = {name: st.session_state[_key(name)] for name in FIELDS}
    named = {name: value for name, value in shown.items() if value != default[name]}
    try:
        return TrainingConfig.model_validate(named), ""
    except ValidationError as error:
        return None, explain(error)


def show_presets() -> None:
    """Show the presets; the one that the widgets equal is lit."""
    config, _ = current()
    st.session_state["recipe.preset"] = (matching_preset(config) if config else "") or None
    st.pills(
        "Preset",
        tuple(PRESETS),
        key="recipe.preset",
        format_func=str.capitalize,
        help="\n\n".join(f"**{name.capitalize()}**: {words}" for name, words in DESCRIPTIONS.items()),
        on_change=_take_preset,
    )


def show_fields() -> None:
    """Show a widget for each field, by group; the group "Advanced" folded away."""
    for group, members in groups().items():
        folded = group == "Advanced"
        with st.expander(group) if folded else st.container():
            if not folded:
                st.markdown(f"**{group}**")
            for control in members:
                _widget(control)
                if control.field == "seed":
                    st.button("New seed", on_click=_new_seed, help="Draw other first weights and other batches.")


def _widget(control: Control) -> None:
    key = _key(control.field)
    # Set anew on each run, so that an option that came by link or preset can come and go without a reset.
    st.session_state[key] = st.session_state[key]
    about: dict[str, Any] = {"key": key, "help": control.help}
    if control.kind == "text":
        st.text_input(control.label, **about)
    elif control.kind == "number":
        shape = "%d" if isinstance(control.step, int) else "%g"
        st.number_input(control.label, control.low, control.high, step=control.step, format=shape, **about)
    elif control.kind == "slider":
        st.select_slider(control.label, positions(control, st.session_state[key]), format_func=_short, **about)
    else:
        options = positions(control, st.session_state[key])
        st.selectbox(control.label, options, format_func=_words, accept_new_options=control.free, **about)


def _fill(config: TrainingConfig) -> None:
    for name in FIELDS:
        st.session_state[_key(name)] = as_shown(getattr(config, name))


def _take_preset() -> None:
    if name := st.session_state["recipe.preset"]:
        _fill(TrainingConfig.preset(name).model_copy(update={"seed": st.session_state[_key("seed")]}))


def _new_seed() -> None:
    st.session_state[_key("seed")] = secrets.randbelow(10_000)


def _short(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _words(value: object) -> str:
    return str(value).replace("_", " ")


def _key(field: str) -> str:
    return f"recipe.{field}"
