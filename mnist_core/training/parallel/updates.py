"""What a step does with a batch's gradient, whole or part by part, so that threads can share it."""

import numpy as np

from mnist_core.nn.optimizers import GradientDescent
from mnist_core.nn.parameters import Parameters
from mnist_core.nn.schedules import learning_rate_at
from mnist_core.training.average import RunningAverage
from mnist_core.training.config import TrainingConfig


class Updates:
    """The schedule, the optimizer and the running average, taking one step after another.

    Parameters
    ----------
    config
        The recipe.
    optimizer
        Moves the weights.
    average
        Follows them, where the config asks for it.
    steps_per_epoch
        Batches of an epoch.

    Attributes
    ----------
    learning_rate
        Of the last step.
    """

    def __init__(
        self,
        config: TrainingConfig,
        optimizer: GradientDescent,
        average: RunningAverage | None,
        steps_per_epoch: int,
    ) -> None:
        self._config, self._optimizer, self._average = config, optimizer, average
        self._steps_per_epoch = steps_per_epoch
        self._step = 0
        self._squares: dict[int, list[float]] = {}
        self.learning_rate = 0.0

    def start_step(self, epoch: int, batch: int) -> None:
        """Begin the step that follows batch number `batch` (from 0) of an epoch."""
        config = self._config
        self._step = epoch * self._steps_per_epoch + batch
        if batch == 0:
            self._squares.clear()
        self.learning_rate = learning_rate_at(
            config.schedule, config.learning_rate, self._step, self._steps_per_epoch * config.epochs
        )
        self._optimizer.steps += 1

    def apply(self, gradient: Parameters, part: slice) -> None:
        """Move a part of the weights, from `part.start` to `part.stop`; that part of the gradient is overwritten."""
        if (self._step + 1) % self._steps_per_epoch == 0:
            self._squares[part.start] = _squares(gradient, part)
        self._optimizer.update(gradient.vector, self.learning_rate, part)
        if self._average is not None:
            self._average.update(self._optimizer.parameters.vector, self._step + 1, part)

    def gradient_norms(self) -> tuple[float, ...]:
        """Return each kernel's gradient norm in the last step of the epoch, or nothing if it has not been taken."""
        parts = [squares for _, squares in sorted(self._squares.items())]
        return tuple(sum(squares) ** 0.5 for squares in zip(*parts, strict=True))


def _squares(gradient: Parameters, part: slice) -> list[float]:
    """Return for each kernel the sum of the squares of its derivatives in the part."""
    squares, end = [], 0
    for kernel in gradient.kernels:
        start, end = end, end + kernel.size
        inside = gradient.vector[max(start, part.start) : max(part.start, min(end, part.stop))]
        squares.append(float(np.vdot(inside, inside)))
    return squares
