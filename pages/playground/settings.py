"""The settings that teach most. Each change trains at once; what a setting means stands below it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from mnist_core.figures.trail import value_text
from mnist_core.training.config import USUAL_RATE, TrainingConfig
from pages.playground import tries
from pages.shared.controls import Control, controls, positions

FIELDS = (
    "learning_rate",
    "hidden_units",
    "activation",
    "optimizer",
    "batch_size",
    "dropout",
    "weight_decay",
    "train_size",
    "label_noise",
    "epochs",
)
# Fewer positions than a number box has, for what the trail shows best in factors.
_GRIDS: dict[str, tuple[Any, ...]] = {
    "train_size": (100, 200, 500, 1000, 2000, 5000, 10_000),
    "epochs": (1, 2, 3, 5, 10, 20, 50),
}
_UNITS = (4, 8, 16, 32, 64, 128, 256)
_MOST_LAYERS = 4
# A slider's number has the accent's colour, which is too dark for text on a dark page.
_READABLE = "<style>.st-key-settings [data-testid=stSliderThumbValue] p { color: light-dark(#0B1015, #E6EBEF) }</style>"


def show() -> None:
    """Show a widget for each setting."""
    st.html(_READABLE)
    by_field = {control.field: control for control in controls()}
    for field in FIELDS:
        with st.container(gap="xsmall"):
            if field == "hidden_units":
                _layers(by_field[field])
            else:
                _setting(by_field[field])
            st.caption(by_field[field].help)
            if field == "optimizer":
                _offer_usual_rate()


def _setting(control: Control) -> None:
    field = control.field
    value, key = getattr(tries.config(), field), _key(field)
    _hold(key, value)
    about: dict[str, Any] = {
        "key": key,
        "on_change": _taken(field, key),
        "format_func": lambda one: value_text(field, one),
    }
    if control.kind == "choice" and not control.free:
        st.selectbox(control.label, control.options, **about)
    else:
        st.select_slider(control.label, _options(control, value), **about)


def _options(control: Control, value: Any) -> tuple[Any, ...]:
    if control.field == "batch_size":
        amounts = {*control.options[1:], *([value] if value else [])}
        return (*sorted(amounts), None)
    if grid := _GRIDS.get(control.field):
        return tuple(sorted({*grid, value}))
    return positions(control, value)


def _layers(control: Control) -> None:
    """Show the units of each hidden layer, and buttons that add and take away a layer."""
    units = tries.config().hidden_units
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{len(units)} hidden layer{'' if len(units) == 1 else 's'}", width="stretch")
        st.button(
            "−",
            key="fewer layers",
            help="Take the last hidden layer away",
            disabled=not units,
            on_click=tries.move,
            kwargs={"hidden_units": units[:-1]},
        )
        st.button(
            "+",
            key="more layers",
            help="Add a hidden layer",
            disabled=len(units) >= _MOST_LAYERS,
            on_click=tries.move,
            kwargs={"hidden_units": (*units, units[-1] if units else _UNITS[3])},
        )
    for number, count in enumerate(units):
        key = _key(f"{control.field} {number}")
        _hold(key, count)
        options = tuple(sorted({*_UNITS, count}))
        st.select_slider(f"Units of layer {number + 1}", options, key=key, on_change=_units_taken(number, key))


def _hold(key: str, value: Any) -> None:
    """Let a widget hold a value. One that it has is not set again: it would pull back a slider that moves on."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _taken(field: str, key: str) -> Callable[[], None]:
    return lambda: tries.move(**{field: st.session_state[key]})


def _units_taken(number: int, key: str) -> Callable[[], None]:
    def take() -> None:
        units = list(tries.config().hidden_units)
        units[number] = st.session_state[key]
        tries.move(hidden_units=tuple(units))

    return take


def _offer_usual_rate() -> None:
    """Offer the learning rate with which an optimizer usually learns well, if it is not set."""
    config: TrainingConfig = tries.config()
    usual = USUAL_RATE[config.optimizer]
    if config.optimizer != "sgd" and config.learning_rate != usual:
        st.button(
            f"Use learning rate {usual:g}, usual for {config.optimizer}",
            on_click=tries.move,
            kwargs={"learning_rate": usual},
        )


def _key(field: str) -> str:
    return f"playground.{field}"
