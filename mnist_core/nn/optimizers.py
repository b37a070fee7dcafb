"""How a gradient becomes a step. Each optimizer updates the flat parameter vector in place, in a few NumPy calls.

Symbols: w parameters, g gradient, r learning rate, t steps so far. Constants and order of operations are Keras's, so
that a Keras twin takes the same steps.
"""

import numpy as np

from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.parameters import Parameters

# Passes over the vector go piece by piece, so that all arrays of a piece stay in the core's cache.
_PIECE = 1 << 16


class GradientDescent:
    """w <- w - r g."""

    def __init__(self, parameters: Parameters, weight_decay: float = 0.0) -> None:
        self.parameters = parameters
        self.weight_decay = weight_decay
        self._scratch = np.empty_like(parameters.vector)

    @property
    def state(self) -> dict[str, FloatArray]:
        """The arrays that a checkpoint must keep, by name; none here."""
        return {}

    def restore(self, state: dict[str, FloatArray]) -> None:
        """Continue from the arrays that `state` gave, in an optimizer of the same kind."""
        for name, array in self.state.items():
            array[...] = state[name]

    def step(self, gradient: FloatArray, learning_rate: float) -> None:
        """Move the parameters once. Changes `gradient`, whose values are used up."""
        self._add_weight_penalty(gradient)
        gradient *= learning_rate
        self.parameters.vector -= gradient

    def _add_weight_penalty(self, gradient: FloatArray) -> None:
        """Add the derivative of the penalty weight_decay / 2 * (sum of squares of all kernels)."""
        if self.weight_decay:
            kernels, scratch = slice(self.parameters.kernel_count), self._scratch[: self.parameters.kernel_count]
            np.multiply(self.parameters.vector[kernels], self.weight_decay, out=scratch)
            gradient[kernels] += scratch


class Momentum(GradientDescent):
    """v <- m v - r g; w <- w + v: the step keeps a share m of the one before."""

    def __init__(self, parameters: Parameters, weight_decay: float = 0.0, momentum: float = 0.9) -> None:
        super().__init__(parameters, weight_decay)
        self.momentum = momentum
        self.velocity = np.zeros_like(parameters.vector)

    @property
    def state(self) -> dict[str, FloatArray]:
        """The velocity v."""
        return {"velocity": self.velocity}

    def step(self, gradient: FloatArray, learning_rate: float) -> None:
        """Move the parameters once. Changes `gradient`, whose values are used up."""
        self._update_velocity(gradient, learning_rate)
        self.parameters.vector += self.velocity

    def _update_velocity(self, gradient: FloatArray, learning_rate: float) -> None:
        """Leave r g in `gradient` and the new velocity in `velocity`."""
        self._add_weight_penalty(gradient)
        gradient *= learning_rate
        self.velocity *= self.momentum
        self.velocity -= gradient


class Nesterov(Momentum):
    """v <- m v - r g; w <- w + m v - r g: the gradient's step is taken from where the momentum leads."""

    def step(self, gradient: FloatArray, learning_rate: float) -> None:
        """Move the parameters once. Changes `gradient`, whose values are used up."""
        self._update_velocity(gradient, learning_rate)
        np.multiply(self.velocity, self.momentum, out=self._scratch)
        self._scratch -= gradient
        self.parameters.vector += self._scratch


class Adam(GradientDescent):
    """Steps of about r for every weight, whatever its gradient's scale (Kingma and Ba 2015, with Keras's epsilon).

    m <- m + (1 - b1) (g - m);  v <- v + (1 - b2) (g^2 - v);  w <- w - r' m / (sqrt(v) + epsilon),
    with r' = r sqrt(1 - b2^t) / (1 - b1^t) to make up for m and v starting at 0.
    """

    beta_1, beta_2, epsilon = 0.9, 0.999, 1e-7

    def __init__(self, parameters: Parameters, weight_decay: float = 0.0) -> None:
        super().__init__(parameters, weight_decay)
        self.mean = np.zeros_like(parameters.vector)
        self.variance = np.zeros_like(parameters.vector)
        self.steps = np.zeros(1)

    @property
    def state(self) -> dict[str, FloatArray]:
        """Running mean m and mean square v of the gradient, and the number of steps t."""
        return {"mean": self.mean, "variance": self.variance, "steps": self.steps}

    def step(self, gradient: FloatArray, learning_rate: float) -> None:
        """Move the parameters once. Changes `gradient`, whose values are used up."""
        self._add_weight_penalty(gradient)
        self.steps += 1
        t = float(self.steps[0])
        rate = learning_rate * (1 - self.beta_2**t) ** 0.5 / (1 - self.beta_1**t)
        for start in range(0, len(gradient), _PIECE):
            self._step_piece(gradient, rate, slice(start, start + _PIECE))

    def _step_piece(self, gradient: FloatArray, rate: float, piece: slice) -> None:
        g, m, v, scratch = gradient[piece], self.mean[piece], self.variance[piece], self._scratch[piece]
        np.subtract(g, m, out=scratch)
        scratch *= 1 - self.beta_1
        m += scratch
        g *= g
        g -= v
        g *= 1 - self.beta_2
        v += g
        np.sqrt(v, out=scratch)
        scratch += self.epsilon
        np.divide(m, scratch, out=scratch)
        scratch *= rate
        self.parameters.vector[piece] -= scratch


class AdamW(Adam):
    """Adam, after w <- w - r d w for the kernels: decay d apart from the gradient (Loshchilov and Hutter 2019)."""

    def step(self, gradient: FloatArray, learning_rate: float) -> None:
        """Move the parameters once. Changes `gradient`, whose values are used up."""
        self.parameters.vector[: self.parameters.kernel_count] *= 1 - learning_rate * self.weight_decay
        super().step(gradient, learning_rate)

    def _add_weight_penalty(self, gradient: FloatArray) -> None:
        """Add nothing: here the decay is not part of the gradient."""


def make_optimizer(name: str, parameters: Parameters, weight_decay: float, momentum: float) -> GradientDescent:
    """Return the optimizer called "sgd", "momentum", "nesterov", "adam" or "adamw"; "sgd" with momentum has it."""
    if name == "adam":
        return Adam(parameters, weight_decay)
    if name == "adamw":
        return AdamW(parameters, weight_decay)
    if name == "nesterov":
        return Nesterov(parameters, weight_decay, momentum)
    if name == "momentum" or momentum:
        return Momentum(parameters, weight_decay, momentum)
    return GradientDescent(parameters, weight_decay)
