"""Test labels of MNIST that human raters did not confirm, so that an accuracy can be given without them too."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import Dataset
from mnist_core.data.provenance import is_mnist

# Northcutt, Athalye, Mueller (2021), "Pervasive label errors in test sets", label-errors data of cleanlab, MNIST part.
_TEST_INDICES = (947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729)


def unconfirmed_test_indices(dataset: Dataset) -> NDArray[np.int64]:
    """Return the 0-based indices of the unconfirmed labels in `dataset.test`, int64 (15,).

    Empty for any data set but MNIST. The fingerprint decides, so a copy of MNIST in another folder counts as MNIST.
    """
    return np.array(_TEST_INDICES if is_mnist(dataset) else (), np.int64)
