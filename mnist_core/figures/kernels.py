"""What each unit of the first layer looks for: its kernel as an image of 28 x 28 weights."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.figures.mosaic import diverging_png

COLUMNS = 16
MOST = 128


def kernels_png(kernel: NDArray[np.floating], *, most: int = MOST, columns: int = COLUMNS, gap: int = 1) -> bytes:
    """Return the first `most` units' kernels as one PNG: orange pixels speak for the unit, blue ones against it.

    Parameters
    ----------
    kernel
        Shape (784, units): the first layer's kernel.
    """
    images = kernel.T[:most].reshape(-1, *IMAGE_SHAPE)
    return diverging_png(images, columns, gap=gap)
