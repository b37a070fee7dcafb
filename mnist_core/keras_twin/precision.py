"""Make up for digits that Keras loses in Adam, so that rounding does not pass for a difference between networks.

Adam's step contains sqrt(1 - b2^t) / (1 - b1^t). In float32 the power of b2 = 0.999 keeps seven digits, and its
difference from 1 only five. That is far more than all other rounding: it flips single ReLU units here and there, and
by the end of one epoch weights differ by up to 0.1 (batches of 128). Corrected, they differ by about 1e-6.
"""

from typing import Any

from mnist_core.keras_twin.backend import tf
from mnist_core.nn.optimizers import Adam


def compensated_rate(optimizer: Any, learning_rate: Any, dtype: str) -> Any:
    """Return the learning rate with which Keras's Adam takes the step that `learning_rate`, a float64, means."""
    t = optimizer.iterations + 1
    exact = _correction(tf.constant(Adam.beta_1, tf.float64), tf.constant(Adam.beta_2, tf.float64), t, "float64")
    keras = _correction(tf.cast(optimizer.beta_1, dtype), tf.cast(optimizer.beta_2, dtype), t, dtype)
    return learning_rate * exact / tf.cast(keras, tf.float64)


def _correction(beta_1: Any, beta_2: Any, t: Any, dtype: str) -> Any:
    # The very operations of keras.optimizers.Adam, so that they round alike.
    steps = tf.cast(t, dtype)
    return tf.sqrt(1 - tf.pow(beta_2, steps)) / (1 - tf.pow(beta_1, steps))
