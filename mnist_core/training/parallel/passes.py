"""What one thread needs to send a config's images through its network."""

import numpy as np

from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.training.config import TrainingConfig
from mnist_core.training.streams import stream


class Passes(dict[int, Backpropagation]):
    """The arrays for a pass, by number of rows, made once for each: only the last batch or block has another size."""

    def __init__(self, config: TrainingConfig) -> None:
        super().__init__()
        self._config = config

    def __missing__(self, rows: int) -> Backpropagation:
        config = self._config
        self[rows] = Backpropagation(
            config.layer_sizes, config.activation, rows, config.dtype, config.label_smoothing, config.dropout
        )
        return self[rows]


def dropout_stream(config: TrainingConfig, epoch: int, batch: int, first: int = 0) -> np.random.Generator | None:
    """Return the generator of the masks of a batch's images from number `first` (even) on; None without dropout."""
    if not config.dropout:
        return None
    rng = stream(config.seed, "dropout", epoch, batch)
    numbers = first * sum(config.hidden_units)
    # The generator makes 64 bits at a time: one float64, or two float32.
    rng.bit_generator.advance(numbers * np.dtype(config.dtype).itemsize // 8)  # type: ignore[attr-defined]
    return rng
