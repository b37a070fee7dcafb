"""The steps of preparing a digit as PNGs: pictures with the crop marked, and the finished image in its grid."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mnist_core.data.drawing import BOX_PX, MIDDLE, centre_of_mass, grey_levels

_MARK = (230, 159, 0)
_MASS = (86, 180, 233)
_LARGE = 10


def picture_png(
    picture: NDArray[np.floating] | NDArray[np.uint8], rectangle: tuple[int, int, int, int] | None = None
) -> bytes:
    """Return a PNG of a picture, grey (height, width) or coloured (height, width, 3), as uint8 or float in [0, 1].

    Parameters
    ----------
    rectangle
        top, left, bottom, right to mark in orange, ends excluded.
    """
    pixels = picture if picture.dtype == np.uint8 else grey_levels(picture.astype(float))
    image = Image.fromarray(pixels).convert("RGB")
    if rectangle is not None:
        top, left, bottom, right = rectangle
        ImageDraw.Draw(image).rectangle((left - 1, top - 1, right, bottom), outline=_MARK, width=2)
    return _png(image)


def centred_png(image: NDArray[np.uint8]) -> bytes:
    """Return a PNG of an image, uint8 (28, 28), with the 20 x 20 box in orange and two crosses.

    Orange marks where MNIST's images have their centre of mass, blue where this one has it; they meet if it is well
    centred.
    """
    height, width = image.shape
    large = Image.fromarray(image).resize((width * _LARGE, height * _LARGE), Image.Resampling.NEAREST).convert("RGB")
    draw = ImageDraw.Draw(large)
    edge = (height - BOX_PX) // 2 * _LARGE
    draw.rectangle((edge, edge, width * _LARGE - edge, height * _LARGE - edge), outline=_MARK, width=2)
    _cross(draw, (MIDDLE + 0.5, MIDDLE + 0.5), _MARK, 9)
    if image.any():
        row, column = centre_of_mass(image)
        _cross(draw, (row + 0.5, column + 0.5), _MASS, 6)
    return _png(large)


def _cross(draw: ImageDraw.ImageDraw, at: tuple[float, float], colour: tuple[int, int, int], arm_px: int) -> None:
    y, x = at[0] * _LARGE, at[1] * _LARGE
    draw.line((x - arm_px, y, x + arm_px, y), colour, 3)
    draw.line((x, y - arm_px, x, y + arm_px), colour, 3)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
