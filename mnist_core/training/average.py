"""A running average of the weights: calmer than the last step's, and usually better."""

import numpy as np

from mnist_core.nn.arrays import FloatArray

# Averaging every eighth step, with the decay of eight, gives the same average to within noise at an eighth of the time.
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

    def update(self, vector: FloatArray, step: int) -> None:
        """Take in the weights after step number `step` (from 0)."""
        if step % _EVERY:
            return
        updates = step // _EVERY
        decay = min(self._decay, (1 + updates) / (10 + updates))
        np.subtract(vector, self.vector, out=self._scratch)
        self._scratch *= 1 - decay
        self.vector += self._scratch
