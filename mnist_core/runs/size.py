"""How much disk a run may come to take: known from its recipe, before it begins."""

import numpy as np

from mnist_core.nn.parameters import count_parameters
from mnist_core.training.config import TrainingConfig

# Snapshots are for looking at; of networks beyond 12 MB, only the first and the last are worth their place.
SNAPSHOT_MAX_PARAMETERS = 3_000_000
# Arrays as large as the parameters that an optimizer keeps.
_STATES = {"sgd": 0, "momentum": 1, "nesterov": 1, "adam": 2, "adamw": 2}
_EPOCH_BYTES = 400  # a row of the history, with its place in the index
_OVERHEAD_BYTES = 100_000  # the run's own row, points within epochs, measurements


def expected_bytes(config: TrainingConfig) -> int:
    """Return the most that a run of this recipe takes in the store, within a tenth.

    That is its checkpoint (the parameters in the recipe's number format, with what the optimizer keeps beside them),
    the snapshots in float32, and the history.
    """
    count = count_parameters(config.layer_sizes)
    kept = 1 + _STATES[config.optimizer] + bool(config.ema)
    snapshots = 2 if count > SNAPSHOT_MAX_PARAMETERS else 2 + 3 * len(str(config.epochs))
    return (
        count * kept * np.dtype(config.dtype).itemsize
        + count * snapshots * 4
        + config.epochs * _EPOCH_BYTES
        + _OVERHEAD_BYTES
    )
