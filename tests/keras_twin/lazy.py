"""Keras, imported when it is first used.

Loaded while tests are collected, it would slow down every page test: Streamlit looks after a Keras that is there.
"""

from importlib import import_module


class _Keras:
    def __getattr__(self, name):
        return getattr(import_module("mnist_core.keras_twin.backend").keras, name)


keras = _Keras()
