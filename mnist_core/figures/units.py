"""Hidden units as small squares, bright where a unit answers strongly."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.figures.mosaic import digits_png

_COLUMNS = 32


def activations_png(activations: NDArray[np.floating]) -> bytes:
    """Return a PNG with a pixel for each unit, 32 a row in order: black for 0, white for the strongest of the layer.

    Parameters
    ----------
    activations
        float (units,). Negative ones, which tanh has, are shown by their size.
    """
    sizes = np.abs(activations)
    levels = np.rint(255 * sizes / max(float(sizes.max()), 1e-9)).astype(np.uint8)
    return digits_png(levels[:, None, None], min(_COLUMNS, len(levels)), gap=0)
