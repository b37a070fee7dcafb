"""The recipe in the sidebar: what its widgets hold, checked as it is set, and how links, presets and runs fill it.

Each widget's value lives in the session under "recipe.<field>"; the address bar holds what differs from the defaults.
"""

from collections.abc import Mapping
from contextlib import suppress

import streamlit as st
from pydantic import ValidationError

from mnist_core.errors import StoreError
from mnist_core.jobs.recipe_check import check_recipe
from mnist_core.settings import settings
from mnist_core.training.config import TrainingConfig, explain
from mnist_core.training.fair import hold_out
from mnist_core.training.query import from_query
from pages.shared import resources
from pages.shared.controls import as_shown
from pages.shared.plain import plain
from pages.shared.visitor import who

FIELDS = tuple(TrainingConfig.model_fields)
HOLDS_OUT = "recipe holds images out"  # the switch


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
            config = resources.store().get(query["run"], who=who()).config
    fill(config)
    if problem:
        lines = "\n\n".join(map(plain, problem.splitlines()))
        st.warning(
            f"Part of this link cannot be used; the default is shown instead.\n\n{lines}", icon=":material/link_off:"
        )


def fill(config: TrainingConfig) -> None:
    """Make the widgets hold exactly this config."""
    st.session_state[HOLDS_OUT] = config == _fairly(config)
    for name in FIELDS:
        st.session_state[key_of(name)] = as_shown(name, getattr(config, name))


def fill_with_preset(name: str) -> None:
    """Take a preset, but keep the seed and whether images are held out."""
    holds_out = st.session_state[HOLDS_OUT]
    fill(TrainingConfig.preset(name).model_copy(update={"seed": st.session_state[key_of("seed")]}))
    st.session_state[HOLDS_OUT] = holds_out


def is_filled() -> bool:
    """Whether the widgets have values; they lose them when another page is shown."""
    return all(name in st.session_state for name in (HOLDS_OUT, *map(key_of, FIELDS)))


def current() -> tuple[TrainingConfig | None, dict[str, str]]:
    """Return the config that the widgets hold, or None and field -> what it should be ("" for no single field)."""
    # A field left at its default is not named, so that an optimizer brings its usual momentum with it.
    default = {name: as_shown(name, getattr(TrainingConfig(), name)) for name in FIELDS}
    shown = {name: st.session_state[key_of(name)] for name in FIELDS}
    named = {name: value for name, value in shown.items() if value != default[name]}
    config, problems = check_recipe(named, settings())
    if config and st.session_state[HOLDS_OUT]:
        config = _fairly(config)
    return config, problems


def _fairly(config: TrainingConfig) -> TrainingConfig:
    """Return the config as the switch has it, whatever number of its own it holds out."""
    return hold_out(config.model_copy(update={"validation_size": 0}))


def key_of(field: str) -> str:
    """Return where the session keeps a field's value."""
    return f"recipe.{field}"
