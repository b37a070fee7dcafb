"""What a split looks like in numbers: how often each class occurs, its average image, and how grey its pixels are.

All statistics of grey levels come from one histogram per class, so that the table and the chart cannot disagree.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mnist_core.data.dataset import CLASSES, IMAGE_SHAPE, Dataset, Split

GREY_LEVELS = 256
# NumPy widens bytes to count them, by a factor of 8: a block at a time keeps the server small.
_BLOCK = 5000


def label_counts(split: Split) -> NDArray[np.int64]:
    """Return how many images each class has, int64 (10,)."""
    return np.bincount(split.labels, minlength=CLASSES)


def distribution(dataset: Dataset) -> pd.DataFrame:
    """Return one row a class: `digit` (its label), and counts and shares (in [0, 1]) in both splits."""
    columns: dict[str, object] = {"digit": range(CLASSES)}
    for name, split in (("training", dataset.train), ("test", dataset.test)):
        counts = label_counts(split)
        columns |= {f"{name}_count": counts, f"{name}_share": counts / len(split)}
    return pd.DataFrame(columns)


def average_images(split: Split) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each class's mean and standard deviation of every pixel, both float64 (10, 28, 28), in 0..255.

    The deviation is that of the population (divided by n). A class without images has NaN.
    """
    means = np.full((CLASSES, *IMAGE_SHAPE), np.nan)
    deviations = means.copy()
    for digit in np.flatnonzero(label_counts(split)):
        images = split.images[split.labels == digit]
        mean = images.mean(axis=0)
        # uint16 holds 255 squared; the sum of squares is exact, so the difference below is never negative by rounding.
        squares = np.square(images, dtype=np.uint16).sum(axis=0, dtype=np.uint64) / len(images)
        means[digit], deviations[digit] = mean, np.sqrt(np.maximum(squares - mean**2, 0))
    return means, deviations


def intensity_histograms(split: Split) -> NDArray[np.int64]:
    """Return how many pixels have each grey level in the images of each class, int64 (10, 256)."""
    histograms = np.zeros((CLASSES, GREY_LEVELS), np.int64)
    for start in range(0, len(split), _BLOCK):
        images, labels = split.images[start : start + _BLOCK], split.labels[start : start + _BLOCK]
        for digit in range(CLASSES):
            histograms[digit] += np.bincount(images[labels == digit].ravel(), minlength=GREY_LEVELS)
    return histograms


def intensity_table(histograms: NDArray[np.int64]) -> pd.DataFrame:
    """Return mean and deviation of the grey levels, and the share of pixels with ink: of all classes, then of each.

    Parameters
    ----------
    histograms
        From `intensity_histograms`, int64 (10, 256).

    Returns
    -------
    DataFrame
        Columns `digit` ("all", "0" .. "9"), `pixels`, `mean` and `deviation` in 0..255, `ink_share` in [0, 1].
    """
    rows = np.vstack([histograms.sum(axis=0), histograms])
    pixels = rows.sum(axis=1)
    levels = np.arange(GREY_LEVELS)
    with np.errstate(invalid="ignore"):  # a class without images has NaN
        mean = rows @ levels / pixels
        deviation = np.sqrt(rows @ levels**2 / pixels - mean**2)
        ink_share = 1 - rows[:, 0] / pixels
    names = ["all", *(str(digit) for digit in range(CLASSES))]
    return pd.DataFrame(
        {"digit": names, "pixels": pixels, "mean": mean, "deviation": deviation, "ink_share": ink_share}
    )


def ink_frequency(split: Split) -> NDArray[np.float64]:
    """Return for each pixel the share of images, in [0, 1], that have ink there, float64 (28, 28)."""
    inked = np.zeros(IMAGE_SHAPE, np.int64)
    for start in range(0, len(split), _BLOCK):
        inked += np.count_nonzero(split.images[start : start + _BLOCK], axis=0)
    return inked / len(split)
