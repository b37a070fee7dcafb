"""Distort images as handwriting varies: shift, turn, scale, shear, and bend strokes a little (Simard et al. 2003).

One random distortion is drawn for each group of 32 images, by the group's own generator. Then, with the group
transposed to (pixels, 32), each of the four neighbours of a bilinear interpolation is one `take` of whole rows, for all
32 images at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SIDE = 28
# Images that are distorted alike.
GROUP = 32
# With a border of paper: one pixel before the image, two after it.
_PADDED = _SIDE + 3
_SMOOTHING = 5.0


def _smoothing_matrix() -> NDArray[np.float64]:
    """Return the (28, 28) matrix that blurs a column of pixels with a Gaussian of 5 pixels."""
    distance = np.subtract.outer(np.arange(_SIDE), np.arange(_SIDE))
    weights = np.exp(-0.5 * (distance / _SMOOTHING) ** 2)
    return weights / weights.sum(axis=1, keepdims=True)


_BLUR = _smoothing_matrix()


@dataclass(frozen=True)
class Augmentation:
    """How strongly to distort.

    Attributes
    ----------
    rotation_deg
        Largest angle, in degrees.
    scale, shear
        Largest relative change of size along each axis, and largest slant.
    shift_px
        Largest shift along each axis, in pixels.
    elastic_px
        Root mean square of the smooth random displacement, in pixels.
    """

    rotation_deg: float
    scale: float
    shear: float
    shift_px: float
    elastic_px: float = 0.0

    def distort(self, rows: NDArray[np.floating], rngs: Sequence[np.random.Generator]) -> None:
        """Distort images in place.

        Parameters
        ----------
        rows
            Pixels in [0, 1], shape (n, 784). What is moved in from outside is paper, 0.
        rngs
            Draw the distortions, one for each group of 32 images.
        """
        resample(rows, self._source_positions(rngs))

    def _source_positions(self, rngs: Sequence[np.random.Generator]) -> NDArray[np.float64]:
        """Draw where each pixel takes its value from: y and x in pixels, shape (groups, 2, 784)."""
        strengths = np.stack([rng.uniform(-1, 1, 6) for rng in rngs], axis=1)
        matrices = self._affine_matrices(strengths[:4])
        axis = np.arange(_SIDE) - (_SIDE - 1) / 2
        grid = np.stack([np.repeat(axis, _SIDE), np.tile(axis, _SIDE)])
        positions = matrices @ grid + self.shift_px * strengths[4:].T[..., None]
        if self.elastic_px:
            noise = np.stack([rng.standard_normal((2, _SIDE, _SIDE)) for rng in rngs])
            smooth = _BLUR @ noise @ _BLUR.T
            rms = np.sqrt((smooth**2).mean(axis=(1, 2, 3), keepdims=True))
            positions += (smooth * (self.elastic_px / rms)).reshape(len(rngs), 2, -1)
        return positions + (_SIDE - 1) / 2

    def _affine_matrices(self, strengths: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rotate, then shear, then scale, each by a share in [-1, 1] of its maximum: one matrix a group.

        `strengths` has shape (4, groups), the matrices (groups, 2, 2).
        """
        angle, slant = np.deg2rad(self.rotation_deg) * strengths[0], self.shear * strengths[1]
        size_y, size_x = 1 + self.scale * strengths[2:]
        cos, sin, one, zero = np.cos(angle), np.sin(angle), np.ones_like(angle), np.zeros_like(angle)
        rotation = np.array([[cos, -sin], [sin, cos]])
        shear = np.array([[one, zero], [slant, one]])
        scale = np.array([[size_y, zero], [zero, size_x]])
        product: NDArray[np.float64] = np.einsum("ijg,jkg,klg->gil", rotation, shear, scale)
        return product


def resample(rows: NDArray[np.floating], positions: NDArray[np.float64]) -> None:
    """Replace each pixel with the bilinear value of its image at another place.

    Parameters
    ----------
    rows
        Images, shape (n, 784); changed in place.
    positions
        For each group of 32 images, y and x in pixels of where each pixel takes its value, shape (groups, 2, 784).
        Outside the image there is paper, 0.
    """
    corners, weights = _neighbours(positions, rows.dtype)
    # The transposed group in the middle of a border of paper: pixels in rows, images in columns.
    padded = np.zeros((_PADDED, _PADDED, GROUP), rows.dtype)
    inner, pixels = padded[1 : _SIDE + 1, 1 : _SIDE + 1], padded.reshape(-1, GROUP)
    total, value = np.empty((2, _SIDE * _SIDE, GROUP), rows.dtype)
    for group, corner in enumerate(corners):
        images = rows[group * GROUP : (group + 1) * GROUP]
        inner[..., : len(images)] = images.T.reshape(_SIDE, _SIDE, -1)
        np.take(pixels, corner, axis=0, out=total, mode="clip")
        total *= weights[0, group]
        for number, step in enumerate((1, _PADDED, _PADDED + 1), start=1):
            np.take(pixels, corner + step, axis=0, out=value, mode="clip")
            value *= weights[number, group]
            total += value
        images[:] = total.T[: len(images)]


def _neighbours(
    positions: NDArray[np.float64], dtype: np.dtype[np.floating]
) -> tuple[NDArray[np.intp], NDArray[np.floating]]:
    """Return which padded pixel lies above and left of each position, and the weights of it and its neighbours.

    Returns
    -------
    tuple
        Indices, shape (groups, 784), and weights, shape (4, groups, 784, 1), of the pixel, of those to its right, below
        it, and below to the right.
    """
    # Whatever lies farther out than the border is paper as well.
    padded = np.clip(positions + 1, 0, _SIDE + 1)
    corner = padded.astype(np.intp)
    down, right = np.moveaxis((padded - corner).astype(dtype), 1, 0)
    up, left = 1 - down, 1 - right
    weights = np.stack([up * left, up * right, down * left, down * right])
    return corner[:, 0] * _PADDED + corner[:, 1], weights[..., None]


AUGMENTATIONS: dict[str, Augmentation | None] = {
    "none": None,
    "affine": Augmentation(rotation_deg=7, scale=0.06, shear=0.05, shift_px=1),
    "elastic": Augmentation(rotation_deg=10, scale=0.1, shear=0.1, shift_px=2, elastic_px=0.8),
}
