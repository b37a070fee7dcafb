"""Lines of the code that runs, for the page to show: read from it, never copied."""

import inspect
from collections.abc import Callable
from typing import Any

from mnist_core.nn.activations import ACTIVATIONS
from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.nn.losses import _costs, softmax, softmax_cross_entropy
from mnist_core.nn.optimizers import GradientDescent

# Which function does a step, and how those of its lines begin that do it.
_STEPS: dict[str, list[tuple[Callable[..., Any], tuple[str, ...]]]] = {
    "first z": [
        (Backpropagation.forward, ("np.matmul(x",)),
        (Backpropagation.forward_from_products, ("z += bias",)),
    ],
    "z": [(Backpropagation.forward_from_products, ("np.matmul(self.h", "z += bias"))],
    "a": [(Backpropagation.forward_from_products, ("self.activation.forward(",))],
    "softmax": [(softmax, ("exponentials =", "return"))],
    "cost": [(_costs, ("np.subtract(", "at_label =", "np.exp(", "totals =", "return np.log("))],
    "d_logits": [(softmax_cross_entropy, ("out *=", "out[rows, labels] -="))],
    "first gradient": [
        (Backpropagation.backward, ("np.matmul(x.T",)),
        (Backpropagation.fill_upper, ("np.matmul(self._ones",)),
    ],
    "gradient": [(Backpropagation.fill_upper, ("np.matmul(self.h", "np.matmul(self._ones"))],
    "d_z": [(Backpropagation.backward_to_first, ("np.matmul(self.d_z[layer]", "self.activation.backward("))],
    "update": [(GradientDescent._move, ("gradient *=", "w -="))],
}


def step_source(step: str, activation: str, layer: int = -1) -> str:
    """Return the lines that do a step: "z", "a", "softmax", "cost", "d_logits", "gradient", "d_z" or "update".

    In layer 0 some are others. Where they call the activation, its own lines follow.
    """
    lines = _STEPS.get(f"first {step}", _STEPS[step]) if layer == 0 else _STEPS[step]
    parts = [_lines(function, beginnings) for function, beginnings in lines]
    if step == "a":
        parts.append(_body(ACTIVATIONS[activation].forward))
    if step == "d_z":
        parts.append(_body(ACTIVATIONS[activation].backward))
    return "\n\n".join(parts)


def _lines(function: Callable[..., Any], beginnings: tuple[str, ...]) -> str:
    """Return the lines of a function that begin so, under its name."""
    source = [line.strip() for line in inspect.getsource(function).splitlines()]
    found = []
    for beginning in beginnings:
        matching = [line for line in source if line.startswith(beginning)]
        if len(matching) != 1:
            raise ValueError(
                f"{function.__qualname__}: expected one line that begins {beginning!r}, found {len(matching)}. "
                "Name the line again in mnist_core/lessons/source.py."
            )
        found.append(matching[0])
    return "\n".join([_place(function), *found])


def _body(function: Callable[..., Any]) -> str:
    """Return a function's lines without its signature and docstring, under its name."""
    source = inspect.getsource(function)
    body = source.split('"""', 2)[2].strip("\n")
    return "\n".join([_place(function), *(line.strip() for line in body.splitlines())])


def _place(function: Callable[..., Any]) -> str:
    return f"# {function.__module__.replace('.', '/')}.py, {function.__qualname__}"
