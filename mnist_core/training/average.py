"""A running average of the weights: calmer than the last step's, and usually better."""

import numpy as np

from mnist_core.nn.arrays import FloatArray

# Averaging every eighth step, with the decay of eight, gives the same average to within noise in an eighth of the time.
_EVERY = 8


class RunningAverage:
    """average <- d average + (1 - d) w, where d is smaller at first, so that the first weights are soon forgotten.

    Parameters
    ----------
    decay
        Of one step, in (0, 1).
    vector
        The average, holding the weights it starts from; updated in place.
    """

    def __init__(self, decay: float, vector: FloatArray) -> None:
        self._decay = decay**_EVERY
        self.vector = vector
        self._scratch = np.empty_like(vector)

    def update(self, vector: FloatArray, steps: int, part: slice = slice(None)) -> None:
        """Take in the weights, or a part of them, after so many steps."""
        if steps % _EVERY:
            return
        updates = steps // _EVERY
        decay = min(self._decay, (1 + updates) / (10 + updates))
        average, scratch = self.vector[part], self._scratch[part]
        np.subtract(vector[part], average, out=scratch)
        scratch *= 1 - decay
        average += scratch
