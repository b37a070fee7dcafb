"""What colours, signs and axes mean in every figure of the app.

- Positive is orange, negative is blue. In pictures of numbers 0 is nearly black and the largest numbers are brightest,
  as ink is light on dark: the same picture in the light and the dark theme, and nothing glares.
- Ink is light on dark.
- A turn is positive clockwise.
- A log axis names 1, 10, 100; where it spans two and a half decades or less, 2 and 5 as well; within one decade, more;
  over more than eight, only every second or third power of ten.
"""

from math import ceil, floor, inf

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from mnist_core.figures.theme import BLUE, GREEN, VERMILLION

# Of bars and lines, which lie on the page itself. Blue and orange differ for every kind of colour blindness.
POSITIVE, NEGATIVE = VERMILLION, BLUE
# Around what is chosen or true, in pictures where orange and blue are taken.
FRAME = GREEN
_STOPS = (0.0, 0.225, 0.5, 0.775, 1.0)
_SHADES = ((124, 200, 245), (0, 114, 178), (20, 24, 28), (213, 94, 0), (255, 190, 110))
# Plotly colour scales: of signed numbers, and of ink or other amounts from 0 up.
DIVERGING = tuple((stop, "rgb({},{},{})".format(*shade)) for stop, shade in zip(_STOPS, _SHADES, strict=True))
SEQUENTIAL = ((0.0, "rgb(0,0,0)"), (1.0, "rgb(255,255,255)"))
# Marks within a decade of a log axis that spans at most so many decades, and how many decades are all marked.
_STEPS = ((1.0, (1, 1.5, 2, 3, 4, 5, 6, 8)), (2.5, (1, 2, 5)), (inf, (1,)))
_MOST_DECADES = 8
_SMALLEST_PLAIN, _LARGEST_PLAIN = 1e-4, 1e5


def diverging_colours(shares: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Return the colours, uint8 (n, 3), of signed numbers given as shares of their extreme, in [-1, 1]."""
    places = (shares + 1) / 2
    channels = [np.interp(places, _STOPS, channel) for channel in zip(*_SHADES, strict=True)]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)


def log_ticks(values: ArrayLike) -> tuple[list[float], list[str]]:
    """Return where a log axis over `values` has its marks, and what they say; none where no value is positive."""
    numbers = np.asarray(values, float)
    numbers = numbers[np.isfinite(numbers) & (numbers > 0)]
    if not len(numbers):
        return [], []
    low, high = np.log10(numbers.min()), np.log10(numbers.max())
    steps = next(steps for most, steps in _STEPS if high - low <= most)
    every = max(1, ceil((high - low) / _MOST_DECADES))
    powers = [power for power in range(floor(low), ceil(high) + 1) if power % every == 0]
    marks = [float(f"{step}e{power}") for power in powers for step in steps]
    return marks, [_mark(value) for value in marks]


def log_axis(figure: go.Figure, axis: str, values: ArrayLike) -> go.Figure:
    """Make the "x" or "y" axis of a figure logarithmic, with marks that suit `values`. Returns the same figure."""
    marks, texts = log_ticks(values)
    update = figure.update_xaxes if axis == "x" else figure.update_yaxes
    return update(type="log", tickmode="array", tickvals=marks, ticktext=texts)


def _mark(value: float) -> str:
    if _SMALLEST_PLAIN <= value < _LARGEST_PLAIN:
        return f"{value:,g}"
    mantissa, power = f"{value:.1e}".replace(".0e", "e").split("e")
    factor = "" if mantissa == "1" else f"{mantissa}×"
    return f"{factor}10<sup>{int(power)}</sup>"
