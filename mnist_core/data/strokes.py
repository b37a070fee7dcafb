"""Pen strokes become ink."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter

from mnist_core.data.drawing import Ink

PAD_PX = 280
MOST_POINTS = 20_000
SMALLEST_PX = 12
Stroke = Sequence[tuple[float, float]]

# A stroke of MNIST is about a tenth as thick as its digit is tall. The pad's script has the same three numbers.
PEN_SHARE, THINNEST_PX, THICKEST_PX = 0.11, 9.0, 22.0
_FINER = 2
_SOFT_EDGE_PX = 1.0


def extent(strokes: Sequence[Stroke]) -> float:
    """Return the width or the height of the strokes, whichever is larger, in pixels of the pad."""
    points = [point for stroke in strokes for point in stroke]
    return max((max(axis) - min(axis) for axis in zip(*points, strict=True)), default=0.0)


def pen_width(strokes: Sequence[Stroke]) -> float:
    """Return how thick, in pixels of the pad, the pen is for these strokes: thinner where the digit is small."""
    return min(max(PEN_SHARE * extent(strokes), THINNEST_PX), THICKEST_PX)


def render(strokes: Sequence[Stroke]) -> Ink:
    """Draw strokes with a round, soft-edged pen, as the pad shows them.

    Parameters
    ----------
    strokes
        Points (x, y) in pixels of the pad, x to the right and y downwards, in the order of drawing.

    Returns
    -------
    Ink
        float (280, 280) in [0, 1].
    """
    canvas = Pillow.new("L", (PAD_PX * _FINER, PAD_PX * _FINER))
    draw = ImageDraw.Draw(canvas)
    width = pen_width(strokes) * _FINER
    for stroke in strokes:
        points = [(x * _FINER, y * _FINER) for x, y in stroke]
        draw.line(points, 255, round(width))
        for x, y in points:
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), 255)
    soft = canvas.reduce(_FINER).filter(ImageFilter.GaussianBlur(_SOFT_EDGE_PX))
    return np.asarray(soft, float) / 255


def parse(received: Any) -> list[list[tuple[float, float]]]:
    """Return strokes as a browser sent them: lists x, y, x, y, ... of one stroke each, in pixels of the pad.

    Anything else becomes no strokes at all, and points outside the pad move to its edge: anybody can send anything.
    """
    if not isinstance(received, list) or not all(isinstance(stroke, list) for stroke in received):
        return []
    numbers = [number for stroke in received for number in stroke]
    if len(numbers) > 2 * MOST_POINTS or not all(_is_number(number) for number in numbers):
        return []
    inside = [[min(max(float(number), 0.0), float(PAD_PX)) for number in stroke] for stroke in received]
    return [list(zip(stroke[::2], stroke[1::2], strict=False)) for stroke in inside if len(stroke) > 1]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
