"""What the result of a try means, in plain sentences."""

from collections.abc import Sequence
from math import isfinite, log

from mnist_core.data.dataset import CLASSES
from mnist_core.lessons.trail import Dot, accuracy_of, is_only_chance
from mnist_core.runs import Run

# A network that guesses reads one image in ten, at the cost ln 10.
GUESSED = 1 / CLASSES
COST_OF_GUESSING = log(CLASSES)
_HARDLY_MORE = 0.2
_BY_HEART = 0.05
_CLEARLY = 0.02


def of_result(run: Run, cost: float, accuracy: float) -> str:
    """Say what a try has come to.

    Parameters
    ----------
    cost, accuracy
        Of the training images in the last pass.
    """
    held_out = accuracy_of(run)
    if run.status == "diverged" or held_out is None:
        return (
            "Its steps were far too large: each overshot by more than the one before, until the numbers overflowed. "
            "Use a smaller learning rate."
        )
    if held_out < _HARDLY_MORE and (not isfinite(cost) or cost > COST_OF_GUESSING):
        return "It has learnt next to nothing: its steps are too large and overshoot. Use a smaller learning rate."
    if held_out < _HARDLY_MORE:
        return "It has learnt next to nothing yet: its steps are too small, or too few. Guessing reads 10 % as well."
    if accuracy - held_out > _BY_HEART:
        return (
            f"It reads {100 * accuracy:.0f} % of its own training images, but only {100 * held_out:.0f} % of images "
            "that are new to it: it has learnt some of them by heart (overfitting)."
        )
    return f"It reads {100 * held_out:.1f} % of images that are new to it. Guessing would read 10 %."


def of_change(run: Run, before: Run, tries: Sequence[Run], *, called: str = "the previous try") -> str:
    """Say whether a try is better than another, `called` so, or differs only as chance does; "" if neither is known."""
    now, then = accuracy_of(run), accuracy_of(before)
    if now is None or then is None:
        return ""
    points = 100 * (now - then)
    if found := is_only_chance(run, before, tries):
        return (
            f"{_signed(points)} points compared with {called}, which is no more than chance: with other first weights "
            f"alone, {found.seeds} tries of one setting lie {100 * found.width:.2f} points apart."
        )
    return f"{_signed(points)} points compared with {called}."


def _signed(points: float) -> str:
    return f"{points:+.2f}".replace("-", "−")


def of_valley(dots: Sequence[Dot], name: str) -> str:
    """Say that the best of the tried values lies between worse ones, if it does; `dots` along an amount."""
    alike = [
        (float(dot.value), dot.accuracy or 0.0) for dot in dots if dot.is_alike and isinstance(dot.value, int | float)
    ]
    if len(alike) < 3:
        return ""
    best, most = max(alike, key=lambda pair: pair[1])
    below = any(value < best and accuracy < most - _CLEARLY for value, accuracy in alike)
    above = any(value > best and accuracy < most - _CLEARLY for value, accuracy in alike)
    if not (below and above):
        return ""
    return f"There is a too small and a too large: of all that you have tried, {name} {best:g} reads most."
