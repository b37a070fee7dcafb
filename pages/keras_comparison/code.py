"""The chosen recipe as a Keras program."""

import streamlit as st

from mnist_core.keras_twin import keras_code
from mnist_core.training.config import TrainingConfig
from pages.shared import resources


def show(config: TrainingConfig) -> None:
    """Show the program that does the same as the recipe in the sidebar."""
    st.subheader("The recipe in Keras", anchor=False)
    st.caption("The recipe in the sidebar as a complete program. It draws first weights of its own.")
    st.code(keras_code(config, resources.dataset()), language="python", wrap_lines=True)
