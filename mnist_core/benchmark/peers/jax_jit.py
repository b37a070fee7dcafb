"""JAX, compiled: a call for each step, or one for all full steps of an epoch (`lax.scan`). It uses all cores itself."""

from functools import partial
from typing import Any, NamedTuple

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from numpy.typing import NDArray

from mnist_core.data.dataset import Split
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.mlp import as_rows
from mnist_core.training import TrainingConfig

# Adam with Keras's epsilon, as the other contestants.
_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-7


class State(NamedTuple):
    """Weights as (kernel, bias) of each layer, Adam's mean and mean square of the same form, and steps taken."""

    weights: Any
    mean: Any
    variance: Any
    steps: Any


def _logits(weights: Any, x: jax.Array) -> jax.Array:
    for kernel, bias in weights[:-1]:
        x = jax.nn.relu(x @ kernel + bias)
    return x @ weights[-1][0] + weights[-1][1]


def _cost(weights: Any, x: jax.Array, labels: jax.Array) -> jax.Array:
    log_probabilities = jax.nn.log_softmax(_logits(weights, x))
    return -jnp.take_along_axis(log_probabilities, labels[:, None], axis=1).mean()


def _sgd(rate: float, state: State, gradient: Any) -> State:
    return state._replace(weights=jax.tree.map(lambda w, g: w - rate * g, state.weights, gradient))


def _adam(rate: float, state: State, gradient: Any) -> State:
    steps = state.steps + 1
    mean = jax.tree.map(lambda m, g: m + (1 - _BETA_1) * (g - m), state.mean, gradient)
    variance = jax.tree.map(lambda v, g: v + (1 - _BETA_2) * (g * g - v), state.variance, gradient)
    corrected = rate * jnp.sqrt(1 - _BETA_2**steps) / (1 - _BETA_1**steps)
    weights = jax.tree.map(lambda w, m, v: w - corrected * m / (jnp.sqrt(v) + _EPSILON), state.weights, mean, variance)
    return State(weights, mean, variance, steps)


class Jax:
    """See `Peer`."""

    version = f"JAX {jax.__version__}"

    def __init__(self, form: str) -> None:
        self._form = form
        self._predict = jax.jit(lambda weights, x: _logits(weights, x).argmax(axis=1))

    def load(self, split: Split) -> None:
        """Make arrays of float32 rows and of labels."""
        self._x = jnp.asarray(as_rows(split.images, np.dtype(np.float32)))
        self._labels = jnp.asarray(split.labels.astype(np.int32))

    def start(self, config: TrainingConfig, network: MLP) -> None:
        """Copy the weights and compile the step."""
        weights = [(jnp.array(k), jnp.array(b)) for k, b in zip(network.kernels, network.biases, strict=True)]
        mean, variance = (jax.tree.map(jnp.zeros_like, weights) for _ in range(2))
        self._state = State(weights, mean, variance, jnp.zeros((), jnp.float32))
        self._batch_size = config.batch_size
        update = partial({"sgd": _sgd, "adam": _adam}[config.optimizer], config.learning_rate)

        def step(state: State, x: jax.Array, labels: jax.Array, batch: jax.Array | None) -> State:
            if batch is not None:
                x, labels = x[batch], labels[batch]
            return update(state, jax.grad(_cost)(state.weights, x, labels))

        def scan(state: State, x: jax.Array, labels: jax.Array, batches: jax.Array) -> State:
            return lax.scan(lambda state, batch: (step(state, x, labels, batch), None), state, batches)[0]

        self._step = jax.jit(step, donate_argnums=0)
        self._scan = jax.jit(scan, donate_argnums=0)

    def prepare(self, order: NDArray[np.intp] | None) -> None:
        """Cut the order into full batches and a rest."""
        self._batches, self._rest = None, None
        if order is not None and self._batch_size is not None:
            in_full = len(order) - len(order) % self._batch_size
            self._batches = jnp.asarray(order[:in_full].reshape(-1, self._batch_size))
            self._rest = jnp.asarray(order[in_full:])

    def epoch(self) -> None:
        """Take the steps of one epoch, gathering each batch."""
        state, images = self._state, (self._x, self._labels)
        if self._batches is None or self._rest is None:
            state = self._step(state, *images, None)
        else:
            if self._form == "scan":
                state = self._scan(state, *images, self._batches)
            else:
                for batch in self._batches:
                    state = self._step(state, *images, batch)
            if len(self._rest):
                state = self._step(state, *images, self._rest)
        self._state = jax.block_until_ready(state)

    def arrays(self) -> list[FloatArray]:
        """Return the weights."""
        kernels, biases = zip(*self._state.weights, strict=True)
        return [np.asarray(array) for array in (*kernels, *biases)]

    def predict(self, x: FloatArray) -> NDArray[np.integer]:
        """Ask the compiled function."""
        return np.asarray(self._predict(self._state.weights, x))


def make(form: str, threads: int) -> Jax:
    """Return the contestant in the form "step" or "scan"."""
    return Jax(form)
