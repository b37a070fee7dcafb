"""How a gradient becomes a step. Each optimizer updates the flat parameter vector in place, in a few NumPy calls.

Symbols: w parameters, g gradient, r learning rate, t steps so far. Constants are Keras's, so that a Keras
twin takes the same steps.
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
        self.start_step()
        self.update(gradient, learning_rate, slice(0, len(gradient)))

    def start_step(self) -> None:
        """Begin a step whose parts follow by `update`."""

    def update(self, gradient: FloatArray, learning_rate: float, part: slice) -> None:
        """Move a part of the parameters: threads may share a step, each part being one thread's.

        Parameters
        ----------
        gradient
            Of all parameters; the part's values are used up.
        learning_rate
            r.
        part
            From where to where in the flat vector; start and stop are numbers.
        """
        for start in range(part.start, part.stop, _PIECE):
            piece = slice(start, min(start + _PIECE, part.stop))
            self.update_piece(gradient[piece], learning_rate, piece)

    def update_piece(self, gradient: FloatArray, learning_rate: float, piece: slice) -> None:
        """Move the parameters in `piece` by their gradient, which has the same shape."""
        w = self._penalised(gradient, piece)
        gradient *= learning_rate
        w -= gradient

    def _penalised(self, gradient: FloatArray, piece: slice) -> FloatArray:
        """Add the derivative of the penalty weight_decay / 2 * (sum of squares of all kernels), and return w."""
        w = self.parameters.vector[piece]
        if self.weight_decay:
            kernels = slice(0, max(0, self.parameters.kernel_count - piece.start))
            scratch = self._scratch[piece][kernels]
            np.multiply(w[kernels], self.weight_decay, out=scratch)
            gradient[kernels] += scratch
        return w


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

    def update_piece(self, gradient: FloatArray, learning_rate: float, piece: slice) -> None:
        """Move the parameters in `piece` by their gradient, which has the same shape."""
        w, v = self._penalised(gradient, piece), self.velocity[piece]
        gradient *= learning_rate
        v *= self.momentum
        v -= gradient
        w += self._step_from(v, gradient, piece)

    def _step_from(self, velocity: FloatArray, rate_times_gradient: FloatArray, piece: slice) -> FloatArray:
        """Return what to add to the parameters in `piece`."""
        return velocity


class Nesterov(Momentum):
    """v <- m v - r g; w <- w + m v - r g: the gradient's step is taken from where the momentum leads."""

    def _step_from(self, velocity: FloatArray, rate_times_gradient: FloatArray, piece: slice) -> FloatArray:
        """Return what to add to the parameters in `piece`."""
        step = self._scratch[piece]
        np.multiply(velocity, self.momentum, out=step)
        step -= rate_times_gradient
        return step


class Adam(GradientDescent):
    """Steps of about r for every weight, whatever its gradient's scale (Kingma and Ba 2015, with Keras's epsilon).

    m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  w <- w - r' m / (sqrt(v) + epsilon),
    with r' = r sqrt(1 - b2^t) / (1 - b1^t) to make up for m and v starting at 0.

    Kept are the sums m / (1 - b1) and v / (1 - b2) with r' and epsilon scaled to match: two passes fewer of twelve.
    """

    beta_1, beta_2, epsilon = 0.9, 0.999, 1e-7

    def __init__(self, parameters: Parameters, weight_decay: float = 0.0) -> None:
        super().__init__(parameters, weight_decay)
        self.gradient_sum = np.zeros_like(parameters.vector)
        self.square_sum = np.zeros_like(parameters.vector)
        self.steps = np.zeros(1)

    @property
    def state(self) -> dict[str, FloatArray]:
        """Fading sums of the gradient and of its square, and the number of steps t."""
        return {"gradient_sum": self.gradient_sum, "square_sum": self.square_sum, "steps": self.steps}

    def start_step(self) -> None:
        """Begin a step whose parts follow by `update`."""
        self.steps += 1

    def update_piece(self, gradient: FloatArray, learning_rate: float, piece: slice) -> None:
        """Move the parameters in `piece` by their gradient, which has the same shape."""
        w, g, t = self._penalised(gradient, piece), gradient, float(self.steps[0])
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
    """Adam, after w <- w - r d w for the kernels: decay d apart from the gradient (Loshchilov and Hutter 2019)."""

    def update_piece(self, gradient: FloatArray, learning_rate: float, piece: slice) -> None:
        """Move the parameters in `piece` by their gradient, which has the same shape."""
        kernels = slice(piece.start, max(piece.start, min(piece.stop, self.parameters.kernel_count)))
        self.parameters.vector[kernels] *= 1 - learning_rate * self.weight_decay
        super().update_piece(gradient, learning_rate, piece)

    def _penalised(self, gradient: FloatArray, piece: slice) -> FloatArray:
        """Add nothing, as the decay is not part of the gradient here, and return w."""
        return self.parameters.vector[piece]


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
