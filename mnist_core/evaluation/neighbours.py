"""The training images most like a given one: what a network may have in mind, and how it compares to copying."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnist_core.data import Split
from mnist_core.nn.mlp import as_rows


class NearestImages:
    """Finds an image's nearest ones in a split by Euclidean distance between pixels, by brute force.

    One product of a matrix and a vector finds them among 60,000 in some hundredths of a second. The float32 rows take
    188 MB for that many, so one object serves all.

    Parameters
    ----------
    split
        Where to look.
    """

    def __init__(self, split: Split) -> None:
        self._rows = as_rows(split.images, np.dtype(np.float32))
        self._squares = np.einsum("ij,ij->i", self._rows, self._rows)

    def find(self, image: ArrayLike, count: int = 5) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return indices and distances of the nearest images, the nearest first.

        Parameters
        ----------
        image
            One, uint8 or float in [0, 1], shape (28, 28) or (784,).
        count
            How many to return.

        Returns
        -------
        tuple
            Indices (count,), and distances (count,) with pixels in [0, 1].
        """
        row = as_rows(np.asarray(image).reshape(1, -1), self._rows.dtype)[0]
        # |a - b|^2 = |a|^2 - 2 a.b + |b|^2; rounding may leave it a little below 0.
        squares = np.maximum(self._squares - 2 * (self._rows @ row) + row @ row, 0)
        count = min(count, len(squares))
        nearest = np.argpartition(squares, count - 1)[:count]
        nearest = nearest[np.argsort(squares[nearest], kind="stable")]
        return nearest, np.sqrt(squares[nearest])
