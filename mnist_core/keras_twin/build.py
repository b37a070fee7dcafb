"""A config's model, loss and optimizer in Keras, equal to the NumPy ones in every constant."""

from typing import Any

import numpy as np

from mnist_core.keras_twin.backend import keras, number_format
from mnist_core.nn.optimizers import Adam
from mnist_core.training.config import PIXELS, TrainingConfig


def build_model(config: TrainingConfig, *, penalty: bool = False) -> Any:
    """Return the model: pixels in [0, 1], shape (n, 784), to logits, shape (n, 10). Its weights are arbitrary.

    Parameters
    ----------
    penalty
        Add the weight penalty to the loss, as `model.fit` needs it. The compiled step adds its gradient instead, so
        that the cost stays the mean cross-entropy.
    """
    *hidden, classes = config.layer_sizes[1:]
    regularizer = keras.regularizers.L2(config.penalty / 2) if penalty and config.penalty else None
    with number_format(config.dtype):
        layers = [keras.Input((PIXELS,))]
        for units in hidden:
            layers.append(keras.layers.Dense(units, config.activation, kernel_regularizer=regularizer))
            if config.dropout:
                layers.append(keras.layers.Dropout(config.dropout))
        layers.append(keras.layers.Dense(classes, kernel_regularizer=regularizer))
        return keras.Sequential(layers)


def build_loss(config: TrainingConfig) -> Any:
    """Return the mean cross-entropy from logits; with smoothing it takes one-hot targets, else class indices."""
    with number_format(config.dtype):
        if config.label_smoothing:
            return keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=config.label_smoothing)
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def build_optimizer(config: TrainingConfig) -> Any:
    """Return the optimizer at the config's learning rate; the schedule is up to who takes the steps.

    Only AdamW decays weights by itself here: Keras's `weight_decay` of the others is decoupled too, which is not what
    the config means.
    """
    rate = config.learning_rate
    # TensorFlow makes float32 of a Python number on its way to float64; of a NumPy number it does not.
    number = np.float64 if config.dtype == "float64" else float
    betas = {"beta_1": number(Adam.beta_1), "beta_2": number(Adam.beta_2)}
    with number_format(config.dtype):
        if config.optimizer == "adam":
            return keras.optimizers.Adam(rate, **betas)
        if config.optimizer == "adamw":
            optimizer = keras.optimizers.AdamW(rate, weight_decay=number(config.weight_decay), **betas)
            optimizer.exclude_from_weight_decay(var_names=["bias"])
            return optimizer
        return keras.optimizers.SGD(rate, momentum=number(config.momentum), nesterov=config.optimizer == "nesterov")
