"""Sums over one epoch."""

from dataclasses import dataclass
from math import isfinite


@dataclass
class Tally:
    """What the steps of an epoch measured, summed over their images; rate and norms are those of the last step."""

    cost_sum: float = 0.0
    correct: int = 0
    images: int = 0
    learning_rate: float = 0.0
    gradient_norms: tuple[float, ...] = ()

    def add(self, cost: float, correct: int, images: int, learning_rate: float) -> None:
        """Take in one batch with its mean cost."""
        self.cost_sum += cost * images
        self.correct += correct
        self.images += images
        self.learning_rate = learning_rate

    @property
    def is_finite(self) -> bool:
        """Whether neither cost nor gradient has overflowed."""
        return isfinite(self.cost_sum) and all(isfinite(norm) for norm in self.gradient_norms)
