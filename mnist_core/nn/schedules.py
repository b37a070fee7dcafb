"""How the learning rate changes from the first step to the last."""

from math import cos, pi

_WARM_UP = 0.1


def constant(share: float) -> float:
    """Return 1: the learning rate stays the same."""
    return 1.0


def cosine(share: float) -> float:
    """Fall from 1 to 0 along half a cosine (Loshchilov and Hutter 2017, eq. 5)."""
    return 0.5 * (1 + cos(pi * share))


def one_cycle(share: float) -> float:
    """Rise linearly to 1 over the first tenth, then fall to 0 along half a cosine (after Smith 2018)."""
    if share < _WARM_UP:
        return share / _WARM_UP
    return cosine((share - _WARM_UP) / (1 - _WARM_UP))


SCHEDULES = {"constant": constant, "cosine": cosine, "one_cycle": one_cycle}


def learning_rate_at(schedule: str, peak: float, step: int, steps: int) -> float:
    """Return the learning rate of step number `step` (from 0) of `steps`, where `peak` is the highest.

    A step's place in the training is taken at its middle, so that no step has rate 0.
    """
    return peak * SCHEDULES[schedule](min((step + 0.5) / steps, 1.0))
