"""Small images as one PNG: a grid of digits, or of the patterns that first-layer units look for.

A page shows the PNG in an <img> with ``image-rendering: pixelated``, which is crisper than any chart and costs the
browser next to nothing.
"""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_core.figures.conventions import diverging_colours

# Shades on either side of the middle: few, so that the PNG stays small, and yet more than the eye tells apart.
_SHADES = 15


def digits_png(images: NDArray[np.uint8], columns: int, *, gap: int = 1) -> bytes:
    """Return a PNG of white ink on black, `columns` images a row with `gap` transparent pixels between them.

    Parameters
    ----------
    images
        uint8 (n, height, width), 0 = paper and 255 = ink.
    """
    opaque = _grid(np.full_like(images, 255), columns, gap)
    return _png(Image.fromarray(np.dstack([_grid(images, columns, gap), opaque]), "LA"))


def diverging_png(images: NDArray[np.floating], columns: int, *, gap: int = 1) -> bytes:
    """Return a PNG of signed values: dark at 0, blue below, orange above, each image scaled to its own extreme.

    Parameters
    ----------
    images
        float (n, height, width).
    """
    extreme = np.abs(images).max(axis=(1, 2), keepdims=True)
    share = images / np.maximum(extreme, np.finfo(images.dtype).tiny)
    # Colour 0 of the palette is the transparent gap.
    picture = Image.fromarray(_grid((np.round(share * _SHADES) + _SHADES + 1).astype(np.uint8), columns, gap), "P")
    picture.putpalette(_palette())
    picture.info["transparency"] = 0
    return _png(picture)


def data_url(png: bytes) -> str:
    """Return `png` as an address that can stand in an <img>."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _grid(images: NDArray[np.uint8], columns: int, gap: int) -> NDArray[np.uint8]:
    """Lay images (n, height, width) out row by row as one picture, 0 where there is none."""
    count, height, width = images.shape
    rows = -(-count // columns)
    canvas = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap), np.uint8)
    for index, image in enumerate(images):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        canvas[top : top + height, left : left + width] = image
    return canvas


def _palette() -> bytes:
    """Return black, then the shades from the most negative to the most positive, three bytes each."""
    return bytes(3) + diverging_colours(np.linspace(-1, 1, 2 * _SHADES + 1)).tobytes()


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
