"""Random numbers, one stream for each purpose, so that one setting never disturbs another.

Every stream is made again from (seed, purpose, epoch, part). Nothing random is kept between epochs, which is why a run
that continues from a checkpoint draws exactly what it would have drawn without the interruption. And nothing depends on
how threads share the work: their number changes rounding alone.
"""

from typing import Literal

import numpy as np

Purpose = Literal["split", "weights", "shuffle", "augment", "dropout", "label_noise"]
_NUMBERS: dict[Purpose, int] = {
    "split": 0,
    "weights": 1,
    "shuffle": 2,
    "augment": 3,
    "dropout": 4,
    "label_noise": 5,
}


def stream(seed: int, purpose: Purpose, epoch: int = 0, part: int = 0) -> np.random.Generator:
    """Return the generator for `purpose` in `epoch`; `part` numbers what draws within an epoch, such as batches."""
    return np.random.default_rng([seed, _NUMBERS[purpose], epoch, part])
