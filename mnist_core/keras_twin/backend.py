"""Keras on TensorFlow on the processor: imported here and set up so that a comparison with NumPy is fair."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # else it reports about graphics cards that nobody asked for

import keras
import tensorflow as tf

__all__ = ["keras", "number_format", "tf", "use_threads"]


def use_threads(count: int) -> None:
    """Let TensorFlow use so many cores, and no graphics card: what NumPy has.

    Raises
    ------
    ValueError
        TensorFlow has been at work in this process with another number of threads, which it cannot change.
    """
    try:
        tf.config.set_visible_devices([], "GPU")
        tf.config.threading.set_intra_op_parallelism_threads(count)
        tf.config.threading.set_inter_op_parallelism_threads(count)
    except RuntimeError as error:
        found = tf.config.threading.get_intra_op_parallelism_threads()
        raise ValueError(
            f"threads: expected {found}, with which TensorFlow has started in this process, received {count}. "
            "Run it again, or restart the server."
        ) from error


@contextmanager
def number_format(dtype: str) -> Iterator[None]:
    """Make what Keras builds meanwhile compute in "float32" or "float64", learning rates and losses included."""
    # Layers go by the policy, which Keras makes of its float type once; learning rates and losses by the float type.
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(policy)
