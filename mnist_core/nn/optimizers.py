"""How a gradient becomes a step. Each optimizer updates the flat parameter vector in place, in a few NumPy calls.

Symbols: w parameters, g gradient, r learning rate, t steps so far. The constants are those of Keras, so that a Keras
twin takes the same steps.
"""

import numpy as np

from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.parameters import Parameters

# Passes over the vector go piece by piece, so that all arrays of a piece stay in the core's cache.
_PIECE = 1 << 16


class GradientDescent:
    """w <- w - r g.

    Another optimizer overrides `_move`, and `state` if it keeps arrays from step to step.

    Attributes
    ----------
    steps
        t, shape (1,): steps begun so far. `step` counts by itself; a caller of `update` adds 1 before the first part.
    """

    def __init__(self, parameters: Parameters, weight_decay: float = 0.0) -> None:
        self.parameters = parameters
        self.weight_decay = weight_decay
        self.steps = np.zeros(1)
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
        """Move the parameters once. This overwrites `gradient`."""
        self.steps += 1
        self.update(gradient, learning_rate, slice(0, len(gradient)))

    def update(self, gradient: FloatArray, learning_rate: float, part: slice) -> None:
        """Move a part of the parameters: threads may share a step, each part being one thread's.

        Parameters
        ----------
        gradient
            Of all parameters; its values in the part are overwritten.
        learning_rate
            r.
        part
            Which part of the flat vector; start and stop are numbers, not None.
        """
        for start in range(part.start, part.stop, _PIECE):
            piece = slice(start, min(start + _PIECE, part.stop))
            w, g = self.parameters.vector[piece], gradient[piece]
            if self.weight_decay:
                # The derivative of the penalty weight_decay / 2 * (sum of squares of all kernels).
                kernels = slice(0, max(0, self.parameters.kernel_count - start))
                penalty = self._scratch[piece][kernels]
                np.multiply(w[kernels], self.weight_decay, out=penalty)
                g[kernels] += penalty
            self._move(w, g, learning_rate, piece)

    def _move(self, w: FloatArray, gradient: FloatArray, learning_rate: float, piece: slice) -> None:
        """Move the parameters `w`, those in `piece` of the flat vector, by their gradient."""
        gradient *= learning_rate
        w -= gradient


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

    def _move(self, w: FloatArray, gradient: FloatArray, learning_rate: float, piece: slice) -> None:
        v = self.velocity[piece]
        gradient *= learning_rate
        v *= self.momentum
        v -= gradient
        w += v


class Nesterov(Momentum):
    """v <- m v - r g; w <- w + m v - r g: the gradient's step is taken from where the momentum leads."""

    def _move(self, w: FloatArray, gradient: FloatArray, learning_rate: float, piece: slice) -> None:
        v, step = self.velocity[piece], self._scratch[piece]
        gradient *= learning_rate
        v *= self.momentum
        v -= gradient
        np.multiply(v, self.momentum, out=step)
        step -= gradient
        w += step


class Adam(GradientDescent):
    """Steps of about r for every weight, whatever its gradient's scale (Kingma and Ba 2015, with Keras's epsilon).

    m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  w <- w - r' m / (sqrt(v) + epsilon),
    with r' = r sqrt(1 - b2^t) / (1 - b1^t) to make up for m and v starting at 0.

    What is stored are the sums m / (1 - b1) and v / (1 - b2), with r' and epsilon scaled to match: that saves two of
    twelve passes over the vector.
    """

    beta_1, beta_2, epsilon = 0.9, 0.999, 1e-7

    def __init__(self, parameters: Parameters, weight_decay: float = 0.0) -> None:
        super().__init__(parameters, weight_decay)
        self.gradient_sum = np.zeros_like(parameters.vector)
        self.square_sum = np.zeros_like(parameters.vector)

    @property
    def state(self) -> dict[str, FloatArray]:
        """Fading sums of the gradient and of its square, and the number of steps t."""
        return {"gradient_sum": self.gradient_sum, "square_sum": self.square_sum, "steps": self.steps}

    def _move(self, w: FloatArray, gradient: FloatArray, learning_rate: float, piece: slice) -> None:
        g, t = gradient, float(self.steps[0])
        gradient_sum, square_sum = self.gradient_sum[piece], self.square_sum[piece]
        gradient_sum *= self.beta_1
        gradient_sum += g
        g *= g
        square_sum *= self.beta_2
        square_sum += g
        step, root = g, (1 - self.beta_2) ** 0.5
        np.sqrt(square_sum, out=step)
        step += self.epsilon / root
        np.divide(gradient_sum, step, out=step)
        step *= learning_rate * (1 - self.beta_1) / root * (1 - self.beta_2**t) ** 0.5 / (1 - self.beta_1**t)
        w -= step


class AdamW(Adam):
    """Adam, after w <- w - r d w for the kernels: decay d decoupled from the gradient (Loshchilov and Hutter 2019)."""

    def __init__(self, parameters: Parameters, decay: float = 0.0) -> None:
        super().__init__(parameters)  # without a penalty
        self.decay = decay

    def _move(self, w: FloatArray, gradient: FloatArray, learning_rate: float, piece: slice) -> None:
        kernels = slice(0, max(0, self.parameters.kernel_count - piece.start))
        w[kernels] *= 1 - learning_rate * self.decay
        super()._move(w, gradient, learning_rate, piece)


def make_optimizer(name: str, parameters: Parameters, weight_decay: float, momentum: float) -> GradientDescent:
    """Return the optimizer called "sgd", "momentum", "nesterov", "adam" or "adamw"; "sgd" uses momentum if given."""
    if name == "adam":
        return Adam(parameters, weight_decay)
    if name == "adamw":
        return AdamW(parameters, weight_decay)
    if name == "nesterov":
        return Nesterov(parameters, weight_decay, momentum)
    if name == "momentum" or momentum:
        return Momentum(parameters, weight_decay, momentum)
    return GradientDescent(parameters, weight_decay)
