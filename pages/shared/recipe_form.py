"""The recipe's widgets, made from the fields themselves. What is wrong with a value stands at its field."""

import secrets
from collections.abc import Mapping
from typing import Any

import streamlit as st

from mnist_core.runs.names import matching_preset
from mnist_core.training.config import USUAL_MOMENTUM, USUAL_RATE, TrainingConfig, label
from mnist_core.training.fair import HELD_OUT
from mnist_core.training.presets import DESCRIPTIONS, PRESETS
from pages.shared.controls import Control, groups, positions
from pages.shared.recipe import HOLDS_OUT, current, fill_with_preset, key_of

_PRESET = "recipe.preset"


def show_presets() -> None:
    """Show the presets; the one that the widgets match is marked."""
    config, _ = current()
    st.session_state[_PRESET] = (matching_preset(config) if config else "") or None
    st.pills(
        "Preset",
        tuple(PRESETS),
        key=_PRESET,
        format_func=str.capitalize,
        help="\n\n".join(f"**{name.capitalize()}**: {words}" for name, words in DESCRIPTIONS.items()),
        on_change=_take_preset,
    )


def show_fair_switch() -> None:
    """Show the switch that holds images out of every recipe but the published one."""
    st.session_state[HOLDS_OUT] = st.session_state[HOLDS_OUT]
    st.toggle(
        f"Hold out {HELD_OUT:,} images",
        key=HOLDS_OUT,
        help="For fair comparisons: recipes are judged on images that they have not learnt from, and the test set is "
        "kept for the end. The published recipe (Classic) learns from all images, as it did when it was published.",
        on_change=_forget_own_number,
    )


def show_problems(problems: Mapping[str, str]) -> None:
    """Say beside the start button which fields keep it off."""
    if not problems:
        return
    names = ", ".join(f"**{label(name)}**" for name in problems if name in TrainingConfig.model_fields)
    st.error(f"Correct {names} below to start." if names else problems[""])


def show_fields(problems: Mapping[str, str]) -> None:
    """Show a widget for each field, by group, what is wrong with it below; the group "Advanced" folded away."""
    for group, members in groups().items():
        folded = group == "Advanced"
        wrong = any(control.field in problems for control in members)
        with st.expander(group, expanded=wrong) if folded else st.container():
            if not folded:
                st.markdown(f"**{group}**")
            for control in members:
                _field(control, problems.get(control.field, ""))


def _field(control: Control, problem: str) -> None:
    # Set again on each run, so that an option that came by link or preset can come and go without a reset, and so that
    # a value without a widget is kept.
    key = key_of(control.field)
    st.session_state[key] = st.session_state[key]
    if control.field == "validation_size" and st.session_state[HOLDS_OUT]:
        st.caption(f"Validation images: set by the switch “Hold out {HELD_OUT:,} images”.")
        return
    _widget(control)
    if problem:
        st.error(problem)
    if control.field == "seed":
        st.button(
            "New seed", on_click=_new_seed, help="Start from other first weights, and see the images in another order."
        )
    if control.field == "optimizer":
        _offer_usual_rate(st.session_state[key_of("optimizer")])


def _widget(control: Control) -> None:
    key = key_of(control.field)
    about: dict[str, Any] = {"key": key, "help": control.help}
    if control.field == "optimizer":
        about["on_change"] = _take_usual_momentum
    if control.kind == "text":
        st.text_input(control.label, **about)
    elif control.kind == "switch":
        st.toggle(control.label, **about)
    elif control.kind == "number":
        # Without bounds and without a default of its own, so that what was typed arrives here and can be explained: a
        # bounded box keeps a wrong number to itself, and the last right one would be trained. A box of whole numbers
        # is bounded, one of fractions is not; the config accepts 7.0 for 7.
        st.number_input(control.label, value=None, step=float(control.step or 1), format="%.12g", **about)
    elif control.kind == "slider":
        st.select_slider(control.label, positions(control, st.session_state[key]), format_func=_short, **about)
    else:
        options = positions(control, st.session_state[key])
        st.selectbox(control.label, options, format_func=_words, accept_new_options=control.free, **about)


def _offer_usual_rate(optimizer: str) -> None:
    """Offer the learning rate with which an optimizer usually learns well, where another one is set."""
    usual = USUAL_RATE[optimizer]
    if st.session_state[key_of("learning_rate")] != usual:
        st.button(
            f"Use learning rate {usual:g}",
            help=f"Usual for {optimizer}. What suits one optimizer is often far too much for another.",
            on_click=_set,
            args=("learning_rate", usual),
        )


def _set(field: str, value: object) -> None:
    st.session_state[key_of(field)] = value


def _take_usual_momentum() -> None:
    _set("momentum", USUAL_MOMENTUM.get(st.session_state[key_of("optimizer")], 0.0))


def _take_preset() -> None:
    if name := st.session_state[_PRESET]:
        fill_with_preset(name)


def _forget_own_number() -> None:
    _set("validation_size", 0)


def _new_seed() -> None:
    _set("seed", secrets.randbelow(10_000))


def _short(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _words(value: object) -> str:
    return str(value).replace("_", " ")
