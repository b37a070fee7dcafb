"""Whether a picture holds two digits side by side: the networks here read one at a time."""

from itertools import pairwise

import numpy as np
from scipy import ndimage

from mnist_core.data.drawing import Ink

_Box = tuple[int, int, int, int]  # left, right, top, bottom; ends excluded
# Ink below this share of the strongest is the soft edge of a stroke.
_EDGE = 0.25
# Of the tallest part's height. With these, 7 of MNIST's 10,000 test images count as two digits, and of 2,000 pairs of
# them side by side 99.8 %.
_TALL = 0.6
_GAP = 0.06


def side_by_side(ink: Ink) -> bool:
    """Tell whether ink, float (height, width) in [0, 1], falls into two tall parts with paper between them.

    A part is a connected component of ink (diagonal neighbours count), with all that lies above or below it: the bar of
    a 5 belongs to its bowl.
    """
    components, count = ndimage.label(ink > _EDGE * ink.max(initial=0.0), np.ones((3, 3)))
    if count < 2:
        return False
    parts = _merged([(at[1].start, at[1].stop, at[0].start, at[0].stop) for at in ndimage.find_objects(components)])
    heights = [bottom - top for _, _, top, bottom in parts]
    tall = [part for part, height in zip(parts, heights, strict=True) if height >= _TALL * max(heights)]
    return any(right[0] - left[1] >= _GAP * max(heights) for left, right in pairwise(tall))


def _merged(boxes: list[_Box]) -> list[_Box]:
    """Join boxes that lie above one another, and return them from left to right."""
    parts: list[_Box] = []
    for box in sorted(boxes):
        if parts and box[0] < parts[-1][1]:
            last = parts.pop()
            parts.append((last[0], max(last[1], box[1]), min(last[2], box[2]), max(last[3], box[3])))
        else:
            parts.append(box)
    return parts
