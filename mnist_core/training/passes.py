"""What one thread needs to send a config's images through its network."""

import numpy as np

from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.training.config import TrainingConfig
from mnist_core.training.streams import stream


class Passes(dict[int, Backpropagation]):
    """The arrays for a pass, by the number of rows, made once: only the last batch or block has another size."""

    def __init__(self, config: TrainingConfig) -> None:
        super().__init__()
        self._config = config

    def __missing__(self, rows: int) -> Backpropagation:
        config = self._config
        self[rows] = Backpropagation(
            config.layer_sizes, config.activation, rows, config.dtype, config.label_smoothing, config.dropout
        )
        return self[rows]


def dropout_stream(config: TrainingConfig, epoch: int, part: int) -> np.random.Generator | None:
    """Return what draws the dropout masks of part number `part` of an epoch; None without dropout."""
    return stream(config.seed, "dropout", epoch, part) if config.dropout else None
