"""The chosen recipe as Keras sees it: summary and program."""

import streamlit as st

from mnist_core.keras_twin import keras_code, model_summary
from mnist_core.training.config import TrainingConfig
from pages.shared import resources


def show(config: TrainingConfig) -> None:
    """Show what `model.summary()` prints for the recipe in the sidebar, and the program that does the same."""
    st.subheader("The recipe in Keras", anchor=False)
    program, summary = st.tabs(["Keras code", "model.summary()"])
    with program:
        st.caption("The recipe of the sidebar as a complete program. It draws its own first weights.")
        st.code(keras_code(config, resources.dataset()), language="python", wrap_lines=True)
    with summary:
        st.code(model_summary(config), language=None)
