"""What the steps of a pass over the images measured, added up, and points within the passes of short runs."""

from dataclasses import dataclass
from math import inf, isfinite

from mnist_core.nn.losses import Measured
from mnist_core.training.config import TrainingConfig
from mnist_core.training.results import Point

POINTS_OF_A_RUN = 50


@dataclass
class Tally:
    """What the steps of a pass measured, summed over their images; the rate and norms are those of the last step."""

    cost: float = 0.0
    objective: float = 0.0
    correct: int = 0
    images: int = 0
    learning_rate: float = 0.0
    gradient_norms: tuple[float, ...] = ()

    def add(self, measured: Measured) -> None:
        """Add what some images measured."""
        self.cost += measured.cost
        self.objective += measured.objective
        self.correct += measured.correct
        self.images += measured.images

    @property
    def is_finite(self) -> bool:
        """Whether neither cost nor gradient has overflowed."""
        return isfinite(self.cost) and all(isfinite(norm) for norm in self.gradient_norms)


class Points:
    """The points of a pass, each of which covers what has been measured since the one before.

    Parameters
    ----------
    epoch
        Number of the pass.
    images
        Images of a pass.
    count
        How many points, equally spaced; the last is at the end of the pass. May be 0.

    Attributes
    ----------
    due
        After how many images of the pass the next point is to be taken.
    """

    def __init__(self, epoch: int, images: int, count: int) -> None:
        self._epoch, self._images, self._count = epoch, images, count
        self._taken, self._last = 0, (0.0, 0, 0)
        self.due = images / count if count else inf

    def take(self, tally: Tally) -> Point:
        """Return the point that is due."""
        cost, correct, images = self._last
        self._last = tally.cost, tally.correct, tally.images
        while self.due <= tally.images:
            self._taken += 1
            self.due = self._images * (self._taken + 1) / self._count
        seen, measured = self._epoch * self._images + tally.images, tally.images - images
        return Point(self._epoch, seen, (tally.cost - cost) / measured, (tally.correct - correct) / measured)


def points_of_a_pass(config: TrainingConfig, images: int) -> int:
    """Return how many points a pass has: 50 are shared by all passes, and a pass of one step or one point has none."""
    batches = -(-images // min(config.batch_size or images, images))
    count = min(POINTS_OF_A_RUN // config.epochs, batches)
    return count if count > 1 else 0
