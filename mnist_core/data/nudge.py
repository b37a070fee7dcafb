"""Move, turn, thicken or thin a finished 28 x 28 image, to see at what point a network no longer reads it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from mnist_core.data.drawing import Image, Ink, grey_levels


@dataclass(frozen=True)
class Nudge:
    """How to change an image.

    Attributes
    ----------
    right_px, down_px
        How far to move it, in pixels.
    turn_deg
        How far to turn it clockwise about its middle, in degrees.
    thicken_px
        How much thicker to make its strokes, in pixels on each side; thinner if negative.
    """

    right_px: float = 0.0
    down_px: float = 0.0
    turn_deg: float = 0.0
    thicken_px: float = 0.0


def nudge(image: Image, change: Nudge) -> Image:
    """Return `image`, uint8 (28, 28), thickened, then turned, then moved; ink that moves out of it is lost."""
    ink = _thicken(image / 255, change.thicken_px)
    if change.right_px or change.down_px or change.turn_deg:
        ink = _turn_and_move(ink, change)
    return grey_levels(ink)


def _turn_and_move(ink: Ink, change: Nudge) -> Ink:
    """Take each pixel's value, bilinearly, from where the pixel came from."""
    angle = np.deg2rad(change.turn_deg)
    # Rows run downwards: this is the inverse of a clockwise turn, in (row, column).
    back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = (np.array(ink.shape) - 1) / 2
    moved = middle + np.array([change.down_px, change.right_px])
    turned: NDArray[np.float64] = ndimage.affine_transform(ink, back, middle - back @ moved, order=1)
    return turned


def _thicken(ink: Ink, amount_px: float) -> Ink:
    """Let ink (or, for a negative amount, paper) spread by whole pixels, and by a fraction of the next one."""
    spread = ndimage.grey_dilation if amount_px > 0 else ndimage.grey_erosion
    cross = ndimage.generate_binary_structure(2, 1)
    whole, part = divmod(abs(amount_px), 1)
    for _ in range(int(whole)):
        ink = spread(ink, footprint=cross)
    if not part:
        return ink
    mixed: Ink = (1 - part) * ink + part * spread(ink, footprint=cross)
    return mixed
