"""Draw images at random, from a seed that can be shown and used again."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import Split


def sample_indices(split: Split, digit: int | None, count: int, seed: int) -> NDArray[np.int64]:
    """Return the indices of `count` different images of class `digit` (None: of any), or of all if there are fewer."""
    candidates = np.arange(len(split)) if digit is None else np.flatnonzero(split.labels == digit)
    return np.random.default_rng(seed).choice(candidates, min(count, len(candidates)), replace=False)
