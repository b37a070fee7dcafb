"""A picture file from a stranger becomes colours."""

import io

import numpy as np

from mnist_core.data.picture_file import MAX_BYTES, Colours
from mnist_core.errors import PhotoError
from mnist_core.uploads.child import Refused, ask

__all__ = ["MAX_BYTES", "Colours", "read_photo"]


def read_photo(content: bytes) -> Colours:
    """Return the colours of an uploaded picture file, float (height, width, 3) in [0, 1], at most 400 pixels a side.

    Raises
    ------
    PhotoError
        The file is too large, has too many pixels, or is not a picture that can be read.
    """
    if len(content) > MAX_BYTES:
        raise PhotoError(
            f"Expected a file of at most {MAX_BYTES / 2**20:.0f} MB, received {len(content) / 2**20:.1f} MB. "
            "Crop the photo to the digit, or save it smaller."
        )
    try:
        colours: Colours = np.load(io.BytesIO(ask("photo", content)), allow_pickle=False)
    except Refused as refusal:
        raise PhotoError(str(refusal)) from None
    return colours
