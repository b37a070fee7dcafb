"""What is loaded once for all sessions: the data set, the run store and the engine."""

import streamlit as st

from mnist_core.data import Dataset, load_mnist
from mnist_core.data.classes import Classes
from mnist_core.jobs import Engine
from mnist_core.runs import RunStore


@st.cache_resource(show_spinner=False)
def dataset() -> Dataset:
    """Return the data set."""
    return load_mnist()


def classes() -> Classes:
    """Return what its classes are called."""
    return dataset().classes


@st.cache_resource(show_spinner=False, on_release=RunStore.close)
def store() -> RunStore:
    """Return the run store."""
    return RunStore()


@st.cache_resource(show_spinner=False, on_release=Engine.close)
def engine() -> Engine:
    """Return the engine. It starts its workers in the background and continues interrupted runs."""
    return Engine(store())
