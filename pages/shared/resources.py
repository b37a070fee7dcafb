"""What is loaded once for all sessions: the data set, the run store and the engine."""

import streamlit as st

from mnist_core.data import Dataset, load_mnist


@st.cache_resource(show_spinner=False)
def dataset() -> Dataset:
    """Return the data set, loaded once per server."""
    return load_mnist()
