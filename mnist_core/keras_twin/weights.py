"""Copy weights, and an optimizer's state, between Keras's variables and the network's one flat vector."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.optimizers import Adam
from mnist_core.nn.parameters import Parameters

# What the NumPy optimizers call their arrays -> how the names of Keras's variables end.
_STATES = {
    "sgd": {"velocity": "_momentum"},
    "adam": {"gradient_sum": "_momentum", "square_sum": "_velocity"},
}
# Keras keeps running means, the NumPy optimizer the fading sums that they are shares of.
_MEANS = {"gradient_sum": 1 - Adam.beta_1, "square_sum": 1 - Adam.beta_2}


def read_vector(variables: Sequence[Any], layer_sizes: tuple[int, ...], dtype: str) -> FloatArray:
    """Return Keras's variables (kernel, bias, kernel, bias ...) as one vector, kernels first."""
    parameters = Parameters(layer_sizes, dtype)
    for view, variable in zip(_in_keras_order(parameters), variables, strict=True):
        view[:] = variable.value.numpy()
    return parameters.vector


def write_vector(vector: FloatArray, variables: Sequence[Any], layer_sizes: tuple[int, ...]) -> None:
    """Assign a vector to Keras's variables."""
    parameters = Parameters(layer_sizes, vector.dtype)
    parameters.vector[:] = vector
    for view, variable in zip(_in_keras_order(parameters), variables, strict=True):
        variable.assign(view)


def read_state(optimizer: Any, layer_sizes: tuple[int, ...], dtype: str) -> dict[str, FloatArray]:
    """Return the optimizer's state as the NumPy optimizer of the same kind would hold it."""
    state = {
        name: read_vector(variables, layer_sizes, dtype) / _MEANS.get(name, 1)
        for name, variables in _slots(optimizer).items()
    }
    if "gradient_sum" in state:
        state["steps"] = np.array([float(optimizer.iterations.value.numpy())])
    return state


def write_state(state: dict[str, FloatArray], optimizer: Any, layer_sizes: tuple[int, ...]) -> None:
    """Continue from a state that `read_state`, or the NumPy optimizer of the same kind, gave."""
    for name, variables in _slots(optimizer).items():
        write_vector(state[name] * _MEANS.get(name, 1), variables, layer_sizes)
    if "steps" in state:
        optimizer.iterations.assign(int(state["steps"][0]))


def _slots(optimizer: Any) -> dict[str, list[Any]]:
    endings = _STATES["sgd" if type(optimizer).__name__ == "SGD" else "adam"]
    slots = {name: [v for v in optimizer.variables if v.name.endswith(end)] for name, end in endings.items()}
    return {name: variables for name, variables in slots.items() if variables}


def _in_keras_order(parameters: Parameters) -> list[FloatArray]:
    return [view for layer in zip(parameters.kernels, parameters.biases, strict=True) for view in layer]
