"""A picture file becomes colours: checked before it is decoded, and made small before anything else is done to it.

Strangers' files are read by `mnist_core.uploads`, which calls this in a process of its own.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from mnist_core.errors import PhotoError

Colours = NDArray[np.float64]

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 20_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
ANALYSED_PX = 400

# Modes in which neighbouring pixels can be averaged; others are indices, bits or numbers of more than 8 bits.
_MIXABLE = ("L", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "F")


def read_photo(content: bytes) -> Colours:
    """Return the colours of a picture file, float (height, width, 3) in [0, 1], at most 400 pixels along a side.

    It is turned as the camera says, and transparent parts become white or black, whichever shows the rest better.

    Raises
    ------
    PhotoError
        The file has too many pixels, or is not a picture that can be read.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            _check_pixels(picture.size)
            picture.draft("RGB", (ANALYSED_PX, ANALYSED_PX))
            return _colours(picture)
    except (PhotoError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoError(f"Expected at most {MAX_PIXELS // 10**6} megapixels, received far more.") from None
    except UnidentifiedImageError:
        raise PhotoError(
            f"Expected a picture ({', '.join(FORMATS)}), received something else. If a program shows it as a picture, "
            "save it from there as PNG or JPEG."
        ) from None
    except Exception as error:
        # Each of Pillow's formats has errors of its own for bytes that it cannot read.
        found = str(error)[:200] or type(error).__name__
        raise PhotoError(f"The picture is damaged and cannot be read ({found}). Save it again and retry.") from error


def _check_pixels(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise PhotoError(
            f"Expected at most {MAX_PIXELS // 10**6} megapixels, received {width} x {height} = "
            f"{width * height / 1e6:.1f}. Crop the photo to the digit, or save it smaller."
        )


def _colours(picture: Image.Image) -> Colours:
    """Return the colours of a picture, made small before anything else is done to it."""
    small = _small(picture)
    if small.mode == "F":
        levels = np.asarray(small, float)
        span = max(float(np.ptp(levels)), 1e-9)
        small = Image.fromarray(((levels - levels.min()) / span * 255).astype(np.uint8))
    small = small.convert("RGBA")
    colours, alpha = np.split(np.asarray(small, float) / 255, [3], axis=-1)
    mean_of_visible = (colours * alpha).sum() / max(3 * float(alpha.sum()), 1e-9)
    behind = 0.0 if mean_of_visible > 0.5 else 1.0
    return colours * alpha + behind * (1 - alpha)


def _small(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        picture = picture.convert("F")
    elif picture.mode not in _MIXABLE or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    picture.thumbnail((ANALYSED_PX, ANALYSED_PX), Image.Resampling.BOX)
    return ImageOps.exif_transpose(picture)
