"""One training step of the twin, compiled: what a careful Keras user writes where `model.fit` is too slow."""

from typing import Any, NamedTuple

import numpy as np

from mnist_core.data.dataset import CLASSES
from mnist_core.keras_twin.backend import tf
from mnist_core.keras_twin.build import build_loss, build_optimizer
from mnist_core.keras_twin.precision import compensated_rate
from mnist_core.nn.losses import Measured
from mnist_core.training.config import PIXELS, TrainingConfig


class StepResult(NamedTuple):
    """What one step measured before its update.

    Attributes
    ----------
    measured
        Of the batch.
    gradients
        Of the mean objective, without the penalty, by each variable of the model, TensorFlow tensors in the model's
        order.
    """

    measured: Measured
    gradients: list[Any]


class CompiledStep:
    """Takes steps with a model, which it changes in place.

    Attributes
    ----------
    optimizer
        Keras's, with its state.
    """

    def __init__(self, model: Any, config: TrainingConfig) -> None:
        self._model, self._loss, self._penalty = model, build_loss(config), config.penalty
        self._smoothed, self._dtype = config.label_smoothing > 0, config.dtype
        self._cost = build_loss(config.model_copy(update={"label_smoothing": 0.0}))
        self.optimizer = build_optimizer(config)
        self.optimizer.build(model.trainable_variables)
        self._is_adam = config.optimizer in {"adam", "adamw"}
        batch = (tf.TensorSpec((None, PIXELS), config.dtype), tf.TensorSpec((None,), tf.int32))
        self._compiled = tf.function(self._step, input_signature=(*batch, tf.TensorSpec((), tf.float64)))

    def __call__(self, x: Any, labels: Any, learning_rate: float) -> StepResult:
        """Step once.

        Parameters
        ----------
        x, labels
            The batch: pixels in [0, 1], shape (n, 784), and class indices, int32 (n,), as tensors.
        learning_rate
            Of this step.
        """
        cost, objective, correct, gradients = self._compiled(x, labels, tf.constant(learning_rate, tf.float64))
        images = len(labels)
        measured = Measured(float(cost) * images, float(objective) * images, int(correct), images)
        return StepResult(measured, gradients)

    def _step(self, x: Any, labels: Any, learning_rate: Any) -> tuple[Any, Any, Any, list[Any]]:
        with tf.GradientTape() as tape:
            logits = self._model(x, training=True)
            targets = tf.one_hot(labels, CLASSES, dtype=self._dtype) if self._smoothed else labels
            objective = self._loss(targets, logits)
        variables = self._model.trainable_variables
        gradients = tape.gradient(objective, [variable.value for variable in variables])
        cost = self._cost(labels, logits) if self._smoothed else objective
        correct = tf.math.count_nonzero(tf.argmax(logits, axis=1, output_type=labels.dtype) == labels)
        if self._is_adam:
            learning_rate = compensated_rate(self.optimizer, learning_rate, self._dtype)
        self.optimizer.learning_rate.assign(tf.cast(learning_rate, self._dtype))
        self.optimizer.apply([self._with_penalty(*pair) for pair in zip(gradients, variables, strict=True)])
        return cost, objective, correct, gradients

    def _with_penalty(self, gradient: Any, variable: Any) -> Any:
        """Add the derivative of the penalty weight_decay / 2 * (sum of squares) for kernels, not for biases."""
        is_kernel = len(variable.shape) == 2
        return gradient + self._penalty * variable.value if self._penalty and is_kernel else gradient


def kernel_norms(gradients: list[Any]) -> tuple[float, ...]:
    """Return the Euclidean norm of each kernel's gradient, first layer first."""
    return tuple(float(np.linalg.norm(gradient.numpy())) for gradient in gradients[::2])
