"""Keras comparison: the same network from scratch and in Keras, from the same weights, step by step."""

import streamlit as st

from mnist_core.jobs.pair import is_first
from pages.keras_comparison import code, follow, start
from pages.places import KERAS_COMPARISON
from pages.shared import page, run_picker

page.head(KERAS_COMPARISON)
start.say_if_missing()
config = start.sidebar()
pair = run_picker.choose(start.PAGE, name="pair", label="Pair", among=is_first)
if pair:
    follow.show(pair)
else:
    st.info(
        "No pair has been trained yet. Press **Train the pair** in the sidebar: first NumPy learns the recipe, then "
        "Keras, on the same worker. It takes a few seconds, most of them for TensorFlow to start."
    )
if config:
    code.show(config)
