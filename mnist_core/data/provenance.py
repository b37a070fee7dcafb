"""Where a data set comes from: whether it is MNIST, its licence and checksums."""

import pandas as pd

from mnist_core.data.classes import MNIST_FINGERPRINT
from mnist_core.data.dataset import Dataset
from mnist_core.data.idx import idx_sha256

MNIST_LICENCE = (
    "MNIST is by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, under "
    "[CC BY-SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/)."
)


def is_mnist(dataset: Dataset) -> bool:
    """Say whether these are exactly MNIST's images and labels, wherever they were loaded from."""
    return dataset.fingerprint == MNIST_FINGERPRINT


def file_table(dataset: Dataset) -> pd.DataFrame:
    """Return a row for each of the four arrays: `content`, `shape` and `sha256` of its uncompressed IDX file."""
    arrays = {
        "training images": dataset.train.images,
        "training labels": dataset.train.labels,
        "test images": dataset.test.images,
        "test labels": dataset.test.labels,
    }
    return pd.DataFrame(
        {
            "content": list(arrays),
            "shape": [" x ".join(f"{size:,}" for size in array.shape) for array in arrays.values()],
            "sha256": [idx_sha256(array) for array in arrays.values()],
        }
    )
