"""Keras as a contestant of the benchmark: `model.fit`, or a compiled loop over an epoch's batches, also with XLA."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import Split
from mnist_core.keras_twin.backend import keras, tf, use_threads
from mnist_core.keras_twin.build import build_loss, build_model, build_optimizer
from mnist_core.keras_twin.weights import read_vector, write_vector
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.mlp import as_rows
from mnist_core.nn.parameters import Parameters
from mnist_core.training.config import TrainingConfig


class _KerasPeer:
    """What both forms share; the calls are those of `mnist_core.benchmark.peers.Peer`."""

    version = f"Keras {keras.__version__}, TensorFlow {tf.__version__}"

    def start(self, config: TrainingConfig, network: MLP) -> None:
        """Build a model with the network's weights."""
        self._config = config
        self._model = build_model(config)
        write_vector(network.parameters, self._model.trainable_variables, config.layer_sizes)
        self._model.compile(optimizer=build_optimizer(config), loss=build_loss(config))

    def arrays(self) -> list[FloatArray]:
        """Return all kernels, then all biases."""
        parameters = Parameters(self._config.layer_sizes, self._config.dtype)
        parameters.vector[:] = read_vector(
            self._model.trainable_variables, self._config.layer_sizes, self._config.dtype
        )
        return [*parameters.kernels, *parameters.biases]


class Fit(_KerasPeer):
    """`model.fit` and `model.predict`, as most users call them."""

    def load(self, split: Split) -> None:
        """Make float32 rows."""
        self._rows, self._all_labels = as_rows(split.images, np.dtype(np.float32)), split.labels.astype(np.int64)
        self._x, self._labels = self._rows, self._all_labels

    def prepare(self, order: NDArray[np.intp] | None) -> None:
        """Gather the images in their order: `fit` can shuffle, but not in a given order."""
        if order is not None:
            self._x, self._labels = self._rows[order], self._all_labels[order]

    def epoch(self) -> None:
        """Fit once over all images."""
        batch_size = self._config.batch_size or len(self._rows)
        self._model.fit(self._x, self._labels, batch_size=batch_size, epochs=1, shuffle=False, verbose=0)

    def predict(self, x: FloatArray) -> NDArray[np.integer]:
        """Ask the model."""
        return self._model.predict(x, batch_size=1000, verbose=0).argmax(axis=1)


class Compiled(_KerasPeer):
    """The loop over an epoch's batches as one TensorFlow graph, the fastest way to train a Keras model."""

    def __init__(self, *, xla: bool) -> None:
        self._xla = xla

    def load(self, split: Split) -> None:
        """Make tensors of float32 rows and of labels."""
        self._x = tf.constant(as_rows(split.images, np.dtype(np.float32)))
        self._labels = tf.constant(split.labels.astype(np.int64))

    def start(self, config: TrainingConfig, network: MLP) -> None:
        """Build the model and the graphs."""
        super().start(config, network)
        model, optimizer, cost_of = self._model, self._model.optimizer, build_loss(config)
        optimizer.build(model.trainable_variables)
        batch_size = config.batch_size

        def step(x: Any, labels: Any) -> None:
            with tf.GradientTape() as tape:
                cost = cost_of(labels, model(x, training=True))
            variables = model.trainable_variables
            optimizer.apply(tape.gradient(cost, [variable.value for variable in variables]), variables)

        compiled_step = tf.function(step, jit_compile=self._xla)

        def all_steps(x: Any, labels: Any, batches: Any, rest: Any) -> None:
            for number in tf.range(tf.shape(batches)[0]):
                batch = tf.ensure_shape(batches[number], (batch_size,))
                compiled_step(tf.gather(x, batch), tf.gather(labels, batch))
            if rest.shape[0]:
                compiled_step(tf.gather(x, rest), tf.gather(labels, rest))

        self._step, self._all_steps = compiled_step, tf.function(all_steps)
        self._logits = tf.function(lambda x: tf.argmax(model(x, training=False), axis=1), jit_compile=self._xla)

    def prepare(self, order: NDArray[np.intp] | None) -> None:
        """Cut the order into full batches and a rest."""
        self._batches = None
        if order is not None and self._config.batch_size is not None:
            in_full = len(order) - len(order) % self._config.batch_size
            self._batches = tf.constant(order[:in_full].reshape(-1, self._config.batch_size))
            self._rest = tf.constant(order[in_full:])

    def epoch(self) -> None:
        """Take the steps of one epoch, gathering each batch."""
        if self._batches is None:
            self._step(self._x, self._labels)
        else:
            self._all_steps(self._x, self._labels, self._batches, self._rest)

    def predict(self, x: FloatArray) -> NDArray[np.integer]:
        """Ask the compiled model."""
        return self._logits(tf.constant(x)).numpy()


def make(form: str, threads: int) -> Fit | Compiled:
    """Return the contestant in the form "fit", "step" or "xla"."""
    use_threads(threads)
    return Fit() if form == "fit" else Compiled(xla=form == "xla")
