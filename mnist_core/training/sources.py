"""Choose how a config's batches are made and cut into blocks."""

import numpy as np

from mnist_core.data.augmentation import AUGMENTATIONS
from mnist_core.data.dataset import Split
from mnist_core.nn.mlp import as_rows
from mnist_core.nn.parameters import count_parameters
from mnist_core.threads import Threads
from mnist_core.training.blocks import BLOCK_ROWS, InkedBlocks, ShuffledRows, Source
from mnist_core.training.config import TrainingConfig

# A thread must have so much work in a step that handing it over (about 0.05 ms) does not matter.
_MIN_LANE_FLOP = 5e7
_MAX_ROWS = 640


def make_source(config: TrainingConfig, split: Split, threads: Threads) -> tuple[Source, int, int]:
    """Return where the batches come from, the most rows of a block, and the steps of an epoch."""
    n = len(split)
    batch_size = min(config.batch_size or n, n)
    if batch_size == n and config.augmentation == "none":
        return InkedBlocks(split, config.dtype, threads), BLOCK_ROWS, 1
    block_rows = rows_of_a_block(batch_size, count_parameters(config.layer_sizes), threads.count)
    pixels = as_rows(split.images, np.dtype(config.dtype))
    labels = split.labels.astype(np.intp)
    augmentation = AUGMENTATIONS[config.augmentation]
    source = ShuffledRows(pixels, labels, batch_size, block_rows, config.seed, augmentation)
    return source, block_rows, -(-n // batch_size)


def rows_of_a_block(batch_size: int, parameters: int, threads: int) -> int:
    """Cut a batch into equal blocks that fit the cache, equally many a thread; or one, if there is little work."""
    flop = 6.0 * batch_size * parameters
    lanes = max(1, min(threads, int(flop / _MIN_LANE_FLOP)))
    blocks_of_a_lane = -(-batch_size // (lanes * _MAX_ROWS))
    return -(-batch_size // (lanes * blocks_of_a_lane))
