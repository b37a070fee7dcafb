"""How much the preparation matters: test digits of random size and place on a large sheet, read with and without it."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from mnist_core.data import Split
from mnist_core.data.drawing import Ink, naive_resize, prepare
from mnist_core.nn import MLP

_SHEET_PX = 280
_SMALLEST_ZOOM, _LARGEST_ZOOM = 3.0, 7.0


def preparation_accuracies(network: MLP, split: Split, count: int, seed: int = 0) -> tuple[float, float]:
    """Return the share read correctly of the first `count` images, prepared as MNIST's were, and merely squeezed.

    Each image is magnified 3 to 7 times and put anywhere on a sheet of 280 x 280 pixels, as a person may draw it.
    """
    rng = np.random.default_rng(seed)
    sheets = [_on_sheet(image, rng) for image in split.images[:count]]
    labels = split.labels[:count]
    blank = np.zeros(split.images.shape[1:], np.uint8)
    ready = [prepare(sheet) for sheet in sheets]
    prepared = np.stack([blank if one is None else one.image for one in ready])
    squeezed = np.stack([naive_resize(sheet) for sheet in sheets])
    return tuple(float((network.predict(images) == labels).mean()) for images in (prepared, squeezed))  # type: ignore[return-value]


def _on_sheet(image: NDArray[np.uint8], rng: np.random.Generator) -> Ink:
    """Magnify an image, with edges as sharp as a pen's, and put it anywhere on an empty sheet."""
    large = ndimage.zoom(image / 255, rng.uniform(_SMALLEST_ZOOM, _LARGEST_ZOOM), order=1)
    sharp = np.clip(4 * large - 1.5, 0, 1)
    sheet = np.zeros((_SHEET_PX, _SHEET_PX))
    height, width = sharp.shape
    top, left = rng.integers(0, _SHEET_PX - height + 1), rng.integers(0, _SHEET_PX - width + 1)
    sheet[top : top + height, left : left + width] = sharp
    return sheet
