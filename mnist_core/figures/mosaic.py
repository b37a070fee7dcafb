"""Small images as one PNG: a grid of digits, or of the patterns that first-layer units look for.

A page shows the PNG in an <img> with ``image-rendering: pixelated``, which is crisper than any chart and costs the
browser next to nothing.
"""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_MIDDLE = np.array((247, 247, 247), float)
_NEGATIVE = np.array((0, 94, 148), float)
_POSITIVE = np.array((176, 60, 0), float)


def digits_png(images: NDArray[np.uint8], columns: int, *, gap: int = 1) -> bytes:
    """Return a PNG of white ink on black, `columns` images a row with `gap` transparent pixels between them.

    Parameters
    ----------
    images
        uint8 (n, height, width), 0 = paper and 255 = ink.
    """
    return _png(_grid(np.repeat(images[..., None], 3, axis=-1), columns, gap))


def diverging_png(images: NDArray[np.floating], columns: int, *, gap: int = 1) -> bytes:
    """Return a PNG of signed values: white at 0, blue below, orange above, each image scaled to its own extreme.

    Parameters
    ----------
    images
        float (n, height, width).
    """
    extreme = np.abs(images).max(axis=(1, 2), keepdims=True)
    share = (images / np.maximum(extreme, np.finfo(float).tiny))[..., None]
    colours = _MIDDLE + np.abs(share) * (np.where(share < 0, _NEGATIVE, _POSITIVE) - _MIDDLE)
    return _png(_grid(colours.astype(np.uint8), columns, gap))


def data_url(png: bytes) -> str:
    """Return `png` as an address that can stand in an <img>."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _grid(images: NDArray[np.uint8], columns: int, gap: int) -> NDArray[np.uint8]:
    """Lay images (n, height, width, 3) out as one (rows, columns) RGBA picture, transparent where there is none."""
    count, height, width, _ = images.shape
    rows = -(-count // columns)
    canvas = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, 4), np.uint8)
    for index, image in enumerate(images):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        canvas[top : top + height, left : left + width, :3] = image
        canvas[top : top + height, left : left + width, 3] = 255
    return canvas


def _png(pixels: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(buffer, "PNG")
    return buffer.getvalue()
