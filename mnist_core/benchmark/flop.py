"""How much arithmetic the matrix products of a task are."""

from itertools import pairwise

import numpy as np

from mnist_core.benchmark.tasks import Task
from mnist_core.data.dataset import Split
from mnist_core.training.config import PIXELS
from mnist_core.training.parallel.blocks import BLOCK_ROWS, sort_by_extent_of_ink


def flop(task: Task, columns: float = PIXELS) -> float:
    """Return the floating-point operations of the matrix products of a task, a multiplication and an addition each.

    Parameters
    ----------
    columns
        Pixels an image goes into the first layer with, on average.
    """
    (_, first), *others = pairwise(task.config.layer_sizes)
    products = columns * first + sum(fan_in * fan_out for fan_in, fan_out in others)
    if task.kind == "predict":
        return 2.0 * task.images * products
    # Forwards, the kernels' gradients, and back to the inputs of all layers but the first.
    return 2.0 * task.images * (3 * products - columns * first)


def inked_columns(split: Split) -> float:
    """Return how many pixels remain of an image after the column trick, on average over its blocks."""
    order = sort_by_extent_of_ink(split)
    pixels = split.images.reshape(len(split), -1)
    blocks = [pixels[order[start : start + BLOCK_ROWS]] for start in range(0, len(order), BLOCK_ROWS)]
    return float(sum(np.count_nonzero(block.any(axis=0)) * len(block) for block in blocks)) / len(split)
