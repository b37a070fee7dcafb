"""A photo of a digit becomes ink, whatever the paper, the light and the pen.

The ink is the difference from the paper's own brightness, which is a smooth surface because light falls off smoothly.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from mnist_core.data.drawing import Ink
from mnist_core.data.picture_file import ANALYSED_PX, Colours

_EDGE_SHARE = 0.02
_LEAST_CONTRAST = 0.06
_MOST_INK = 0.5
_LEAST_SPECK_SHARE = 0.04
_THINNEST_SHARE = 0.1


def find_ink(colours: Colours) -> Ink:
    """Return the ink on a photo: all 0 if nothing stands out from the paper.

    Whether the ink is darker or brighter than the paper is told by which side of the paper's brightness deviates more.
    Otsu's threshold (1979) separates ink from paper; specks are dropped; strokes thinner than MNIST's are thickened.

    Parameters
    ----------
    colours
        From `picture_file.read_photo`.
    """
    brightness = principal_brightness(colours)
    smooth = ndimage.gaussian_filter(brightness, max(brightness.shape) / ANALYSED_PX)
    contrast = smooth - paper_brightness(smooth)
    # Ink covers less area than paper, so its side of the distribution has the long tail.
    if (contrast**3).sum() < 0:
        contrast = -contrast
    contrast = np.clip(contrast, 0, None)
    threshold = otsu_threshold(contrast)
    if threshold < _LEAST_CONTRAST or (contrast > threshold).mean() > _MOST_INK:
        return np.zeros_like(brightness)
    ink = np.clip(2 * contrast / threshold - 1.5, 0, 1)
    return _thick_enough(_without_specks(ink))


def brightness_of(colours: Colours) -> Ink:
    """Return the mean of red, green and blue, float (height, width) in [0, 1]."""
    return colours.mean(axis=-1)


def principal_brightness(colours: Colours) -> Ink:
    """Return the mixture of red, green and blue in which the picture varies most, float (height, width) in [0, 1].

    For most photos that is nearly their brightness; red ink on green paper of the same brightness needs another one.
    """
    pixels = colours.reshape(-1, 3)
    _, axes = np.linalg.eigh(np.cov(pixels, rowvar=False) if len(pixels) > 1 else np.eye(3))
    weights = axes[:, -1] / np.abs(axes[:, -1]).sum()
    mixture: Ink = colours @ weights - np.minimum(weights, 0).sum()
    return mixture


def paper_brightness(brightness: Ink) -> Ink:
    """Fit a quadratic surface to the paper, repeatedly, each time leaving out what deviates most, which is ink."""
    height, width = brightness.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    values = brightness.ravel()
    # A few thousand pixels fix six numbers as well as all of them would.
    some = slice(None, None, max(1, values.size // 5_000))
    sampled, targets = terms[some], values[some]
    paper = np.ones(len(targets), bool)
    for _ in range(8):
        weights = np.linalg.lstsq(sampled[paper], targets[paper], rcond=None)[0]
        deviation = np.abs(targets - sampled @ weights)
        paper = deviation <= max(2.0 * float(np.median(deviation)), 0.01)
    return (terms @ weights).reshape(height, width)


def otsu_threshold(values: Ink) -> float:
    """Return the threshold that best separates `values`, 0 or more, into two groups (Otsu 1979).

    All thresholds in the gap between the two groups are equally good; this is the one half-way between their means.
    """
    counts, edges = np.histogram(values, 256, (0.0, max(float(values.max()), 1e-9)))
    centres = (edges[1:] + edges[:-1]) / 2
    below, mass = np.cumsum(counts)[:-1], np.cumsum(counts * centres)[:-1]
    above = counts.sum() - below
    mean_below = mass / np.maximum(below, 1)
    mean_above = ((counts * centres).sum() - mass) / np.maximum(above, 1)
    best = int(np.argmax(below * above * (mean_below - mean_above) ** 2))
    return float(mean_below[best] + mean_above[best]) / 2


def _without_specks(ink: Ink) -> Ink:
    """Drop spots much smaller than the largest one, and larger ones that reach in from the picture's edge."""
    labels, count = ndimage.label(ink > 0.5, structure=np.ones((3, 3)))
    if not count:
        return np.zeros_like(ink)
    spots = np.arange(1, count + 1)
    masses = ndimage.sum_labels(ink, labels, spots)
    inner = ndimage.sum_labels(ink * _away_from_edge(ink.shape), labels, spots)
    # A shadow or the end of the sheet touches the edge; a digit that does is kept if nothing else is there.
    candidates = inner == masses
    if not candidates.any():
        candidates[:] = True
    kept = spots[candidates & (masses >= _LEAST_SPECK_SHARE * masses[candidates].max())]
    # Grown by a little, so that the soft edges of what is kept stay.
    return ink * ndimage.binary_dilation(np.isin(labels, kept), iterations=3)


def _away_from_edge(shape: tuple[int, int]) -> NDArray[np.bool_]:
    margin = max(2, round(_EDGE_SHARE * min(shape)))
    away = np.zeros(shape, bool)
    away[margin:-margin, margin:-margin] = True
    return away


def _thick_enough(ink: Ink) -> Ink:
    """Thicken strokes to a tenth of the digit's size, as MNIST's are, if they are thinner."""
    inside = ink > 0.5
    if not inside.any():
        return ink
    extent = max(int(np.ptp(where)) + 1 for where in np.nonzero(inside))
    # Across a stripe of w pixels, the distance to the nearest pixel outside has the mean (w + 2) / 4.
    width = 4 * float(ndimage.distance_transform_edt(inside)[inside].mean()) - 2
    missing = _THINNEST_SHARE * extent - width
    if missing <= 1:
        return ink
    return np.clip(missing / 2 + 0.5 - ndimage.distance_transform_edt(~inside), 0, 1)
