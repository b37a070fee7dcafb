"""A drawing or photo of a digit becomes an image like those of MNIST.

MNIST's makers cut out each digit, scaled it to fit 20 x 20 pixels keeping its proportions, which gave it grey levels,
and placed it in 28 x 28 pixels with its centre of mass in the middle (LeCun et al. 1998, section III.A). A network that
has seen only such images reads no others well, so whatever arrives here is treated in the same way.

Ink is an array of floats in [0, 1], rows downwards, 0 = paper and 1 = ink.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import IMAGE_SHAPE

Ink = NDArray[np.float64]
Image = NDArray[np.uint8]

BOX_PX = 20
_SIDE_PX = IMAGE_SHAPE[0]
# A little less than the box, so that ink which starts anywhere in this first part of a pixel still ends within the box.
_PLAY_PX = 0.6
_DIGIT_PX = BOX_PX - _PLAY_PX
# Where MNIST's images have their centre of mass, in pixel indices: 14.0 on average over all 70,000, with a deviation of
# 0.29, because its makers moved digits by whole pixels. (The exact middle of 28 pixels is 13.5.)
MIDDLE = 14.0
_FAINTEST = 0.1
_SMALLEST_PX = 6


@dataclass(frozen=True, eq=False)
class Preparation:
    """A digit on its way to an MNIST-like image, step by step.

    Attributes
    ----------
    ink
        What came in, float (height, width) in [0, 1].
    rectangle
        top, left, bottom, right of the ink, ends excluded.
    cropped
        The ink inside the rectangle.
    boxed
        The digit scaled to fit 20 x 20 pixels, uint8 (20, 20), 0 = paper and 255 = ink.
    image
        The same in 28 x 28 pixels with its centre of mass in the middle, uint8 (28, 28).
    """

    ink: Ink
    rectangle: tuple[int, int, int, int]
    cropped: Ink
    boxed: Image
    image: Image


def prepare(ink: Ink) -> Preparation | None:
    """Turn ink of any size and place into an MNIST-like image; None if there is too little of it to be a digit.

    Parameters
    ----------
    ink
        float (height, width) in [0, 1], 0 = paper and 1 = ink.
    """
    rectangle = bounding_box(ink)
    if rectangle is None:
        return None
    top, left, bottom, right = rectangle
    cropped = ink[top:bottom, left:right]
    if max(cropped.shape) < _SMALLEST_PX:
        return None
    scale = max(cropped.shape) / _DIGIT_PX
    height, width = (length / scale for length in cropped.shape)
    boxed = resample(cropped, ((BOX_PX - height) / 2, (BOX_PX - width) / 2), scale, (BOX_PX, BOX_PX))
    y, x = ((centre + 0.5) / scale for centre in centre_of_mass(cropped))
    image = resample(cropped, (_position(y, height), _position(x, width)), scale, IMAGE_SHAPE)
    return Preparation(ink, rectangle, cropped, grey_levels(boxed), grey_levels(image))


def naive_resize(picture: Ink) -> Image:
    """Return the whole picture squeezed to 28 x 28 pixels, as a program that knows nothing of MNIST would do it.

    Parameters
    ----------
    picture
        float (height, width) in [0, 1].
    """
    height, width = picture.shape
    squeezed = _coverage(height, 0, height / _SIDE_PX, _SIDE_PX) @ picture
    return grey_levels(squeezed @ _coverage(width, 0, width / _SIDE_PX, _SIDE_PX).T)


def bounding_box(ink: Ink) -> tuple[int, int, int, int] | None:
    """Return top, left, bottom, right of the smallest rectangle around all ink, ends excluded; None if there is none.

    Anything fainter than a tenth of full ink counts as paper.
    """
    rows, columns = (np.flatnonzero((ink > _FAINTEST).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def centre_of_mass(image: NDArray[np.floating] | Image) -> tuple[float, float]:
    """Return the ink's mean row and mean column, as pixel indices; the image must hold some ink."""
    weights = image / image.sum(dtype=float)
    rows, columns = weights.sum(axis=1), weights.sum(axis=0)
    return float(rows @ np.arange(len(rows))), float(columns @ np.arange(len(columns)))


def resample(ink: Ink, position: tuple[float, float], scale: float, shape: tuple[int, int]) -> Ink:
    """Return `ink` made smaller, placed on paper: each pixel is the mean ink of the area that it covers.

    Means over areas keep grey edges, and preserve the sum of the ink and its centre of mass exactly.

    Parameters
    ----------
    position
        Row and column, in pixels of the result, where the first row and column of `ink` begin.
    scale
        Pixels of `ink` that one pixel of the result covers along each axis.
    shape
        Height and width of the result.
    """
    row, column = position
    down = _coverage(ink.shape[0], -row * scale, scale, shape[0])
    across = _coverage(ink.shape[1], -column * scale, scale, shape[1])
    return down @ ink @ across.T


def grey_levels(ink: Ink) -> Image:
    """Return ink in [0, 1] as grey levels 0..255."""
    return np.clip(np.rint(ink * 255), 0, 255).astype(np.uint8)


def _coverage(length: int, start: float, step: float, count: int) -> Ink:
    """Return how much of each of `count` intervals of length `step` from `start` each of `length` pixels covers.

    Shape (count, length), as shares of the interval, so that a product with it computes means.
    """
    edges = (start + step * np.arange(count + 1))[:, None]
    pixels = np.arange(length)
    overlap = np.minimum(edges[1:], pixels + 1) - np.maximum(edges[:-1], pixels)
    return np.clip(overlap, 0, None) / step


def _position(centre: float, extent: float) -> float:
    """Return where in 28 pixels a digit of `extent` pixels begins, if its centre of mass is at `centre` from there.

    It begins in the first part of a pixel, so that it touches at most 20 pixels, and no ink is ever cut off.
    """
    wanted = min(max(MIDDLE + 0.5 - centre, 0), _SIDE_PX - extent)
    whole, part = divmod(wanted, 1)
    if part > (_PLAY_PX + 1) / 2:
        return whole + 1
    return whole + min(part, _PLAY_PX)
