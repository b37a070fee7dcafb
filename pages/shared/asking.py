"""Ask the engine or the store for something, or say on the page why it was refused: every page does both here."""

import logging
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from mnist_core.errors import EngineError, LimitError, RightsError, StoreError
from mnist_core.training.config import TrainingConfig
from pages.shared import resources
from pages.shared.plain import plain
from pages.shared.visitor import who

_log = logging.getLogger(__name__)
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def ask(what: str, action: Callable[Asked, Answer], *arguments: Asked.args, **named: Asked.kwargs) -> Answer | None:
    """Return what `action` answers, or None if it was refused; `say_why_not(what)` then says why.

    May be called in a callback, which runs before there is a place on the page for words.
    """
    st.session_state.pop(_key(what), None)
    began, outcome = time.monotonic(), "done"
    try:
        return action(*arguments, **named)
    except (LimitError, EngineError, StoreError, RightsError) as error:
        st.session_state[_key(what)] = outcome = str(error)
        return None
    finally:
        known = {"duration_s": round(time.monotonic() - began, 3), "outcome": outcome}
        _log.info("Asked: %s", getattr(action, "__name__", what), extra=known)


def submit(what: str, config: TrainingConfig) -> str | None:
    """Queue a run of the visitor's and return its id, or None if it was refused."""
    return ask(what, resources.engine().submit, config, who=who())


def say_why_not(what: str) -> None:
    """Say once, where something was asked for, why it was refused; say nothing if it was not."""
    if refusal := st.session_state.pop(_key(what), ""):
        st.error(plain(refusal))


def _key(what: str) -> str:
    return f"refusal of {what}"
