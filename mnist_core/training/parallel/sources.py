"""Choose how a config's batches are made, and how threads share them."""

from math import inf

import numpy as np

from mnist_core.data.augmentation import AUGMENTATIONS, GROUP
from mnist_core.data.dataset import Split
from mnist_core.nn import MLP
from mnist_core.nn.parameters import count_parameters
from mnist_core.threads import Threads
from mnist_core.training.config import TrainingConfig
from mnist_core.training.parallel.blocks import InkedBlocks, ShuffledRows, Source
from mnist_core.training.parallel.by_pixels import ByPixels
from mnist_core.training.parallel.by_rows import ByRows
from mnist_core.training.parallel.updates import Updates

# A thread must have enough work in a step that handing it over (about 0.05 ms) does not matter.
_MIN_LANE_FLOP = 5e7
_MAX_ROWS = 640
# Batches of at most this many images are shared by pixels, if at least this share of the weights is in the first layer.
_MAX_ROWS_BY_PIXELS = 512
_MIN_SHARE_OF_FIRST_LAYER = 0.8


def make_source(config: TrainingConfig, split: Split, threads: Threads) -> tuple[Source, int]:
    """Return where the batches come from, and the steps of an epoch."""
    n = len(split)
    batch_size = min(config.batch_size or n, n)
    if batch_size == n and config.augmentation == "none":
        return InkedBlocks(split, threads), 1
    block_rows = batch_size
    if not shares_pixels(config):
        block_rows = rows_of_a_block(batch_size, count_parameters(config.layer_sizes), threads.count)
    images = split.images.reshape(n, -1)
    labels = split.labels.astype(np.intp)
    augmentation = AUGMENTATIONS[config.augmentation]
    source = ShuffledRows(images, labels, batch_size, block_rows, config.seed, augmentation)
    return source, -(-n // batch_size)


def make_sharing(
    network: MLP, config: TrainingConfig, source: Source, updates: Updates, threads: Threads
) -> ByPixels | ByRows:
    """Return how the threads share the work of a batch."""
    if isinstance(source, ShuffledRows) and shares_pixels(config):
        return ByPixels(network, config, source, updates, threads)
    return ByRows(network, config, source, updates, threads)


def shares_pixels(config: TrainingConfig) -> bool:
    """Tell whether threads share mini-batches by pixels: small ones, whose work is mostly in the first layer."""
    pixels, units = config.layer_sizes[:2]
    return (
        config.augmentation == "none"
        and (config.batch_size or inf) <= _MAX_ROWS_BY_PIXELS
        and pixels * units >= _MIN_SHARE_OF_FIRST_LAYER * count_parameters(config.layer_sizes)
    )


def rows_of_a_block(batch_size: int, parameters: int, threads: int) -> int:
    """Return the rows of a block: equal blocks that fit the cache, as many for each thread, or one if work is little.

    Blocks begin where groups of augmentation do, so that a distortion does not depend on where the batch is cut.
    """
    flop = 6.0 * batch_size * parameters
    lanes = max(1, min(threads, int(flop / _MIN_LANE_FLOP)))
    blocks_of_a_lane = -(-batch_size // (lanes * _MAX_ROWS))
    rows = -(-batch_size // (lanes * blocks_of_a_lane))
    return min(batch_size, -(-rows // GROUP) * GROUP)
