"""A recipe from a file: a config.json saved by this app or the command line fills the sidebar."""

import streamlit as st
from pydantic import ValidationError

from mnist_core.errors import ConfigFileError
from mnist_core.training.config import explain
from mnist_core.training.config_file import read_config
from pages.shared import recipe
from pages.shared.plain import plain

_KEY, _PROBLEM = "recipe file", "problem of the recipe file"


def show() -> None:
    """Let the visitor choose a file, and say what was wrong with the last one."""
    with st.expander("Load a recipe", icon=":material/upload_file:"):
        st.file_uploader("A config.json saved by this app", type=["json"], max_upload_size=1, key=_KEY, on_change=_load)
    if problem := st.session_state.get(_PROBLEM):
        st.error("\n\n".join(map(plain, problem.splitlines())))


def _load() -> None:
    st.session_state.pop(_PROBLEM, None)
    file = st.session_state[_KEY]
    if file is None:
        return
    try:
        recipe.fill(read_config(file.getvalue()))
    except ConfigFileError as error:
        st.session_state[_PROBLEM] = str(error)
    except ValidationError as error:
        st.session_state[_PROBLEM] = f"{explain(error)}\nThe recipe in the sidebar has not been changed."
