"""How accuracy falls as the test images are shifted, turned, scaled, blurred or made noisy.

All but the noise are linear in the pixels, so each is one (784, 784) matrix: what it does to the 784 images that have
a single pixel of ink. A whole test set is then distorted by one matrix product.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from mnist_core.data import Split
from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.mlp import as_rows

_SIDE = IMAGE_SHAPE[0]
_CENTRE = (_SIDE - 1) / 2
_DIRECTIONS = ((0, 1), (1, 0), (0, -1), (-1, 0))


@dataclass(frozen=True)
class Distortion:
    """One way to make images worse.

    Attributes
    ----------
    axis
        What a level means, for the axis of a chart.
    levels
        How strong, ascending; one of them leaves the images as they are.
    versions
        Gives for rows (n, 784) in [0, 1] and a level the distorted rows, once for each direction it has.
    """

    axis: str
    levels: tuple[float, ...]
    versions: Callable[[FloatArray, float], Iterator[FloatArray]]


def _pixel_images() -> FloatArray:
    return np.eye(_SIDE * _SIDE, dtype=np.float32).reshape(-1, _SIDE, _SIDE)


def _affine(rows: FloatArray, inverse: FloatArray, shift: tuple[float, float] = (0, 0)) -> FloatArray:
    """Move ink bilinearly: pixel p of the result is the image at inverse @ (p - centre - shift) + centre."""
    offset = _CENTRE - inverse @ (np.full(2, _CENTRE) + shift)
    stacked = np.block([[np.eye(1), np.zeros((1, 2))], [np.zeros((2, 1)), inverse]])
    return _apply(rows, ndimage.affine_transform(_pixel_images(), stacked, [0, *offset], order=1))


def _apply(rows: FloatArray, distorted_pixels: FloatArray) -> FloatArray:
    matrix = distorted_pixels.reshape(_SIDE * _SIDE, -1).astype(rows.dtype, copy=False)
    # Rounding may leave a sum of weights a little above 1, which the network would refuse.
    return np.clip(rows @ matrix, 0, 1)


def _shift(rows: FloatArray, pixels: float) -> Iterator[FloatArray]:
    for down, right in _DIRECTIONS:
        yield _affine(rows, np.eye(2), (down * pixels, right * pixels))


def _rotate(rows: FloatArray, degrees: float) -> Iterator[FloatArray]:
    sine, cosine = np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))
    yield _affine(rows, np.array([[cosine, sine], [-sine, cosine]]))


def _scale(rows: FloatArray, factor: float) -> Iterator[FloatArray]:
    yield _affine(rows, np.eye(2) / factor)


def _blur(rows: FloatArray, deviation_px: float) -> Iterator[FloatArray]:
    yield _apply(rows, ndimage.gaussian_filter(_pixel_images(), (0, deviation_px, deviation_px), mode="constant"))


def _add_noise(rows: FloatArray, deviation: float) -> Iterator[FloatArray]:
    noise = np.random.default_rng(0).standard_normal(rows.shape, np.float32)
    yield np.clip(rows + deviation * noise, 0, 1).astype(rows.dtype, copy=False)


DISTORTIONS = {
    "shift": Distortion("shift in pixels, mean of four directions", (0, 1, 2, 3, 4, 6, 8), _shift),
    "rotation": Distortion(
        "turn in degrees, + is anticlockwise", (-60, -45, -30, -20, -10, 0, 10, 20, 30, 45, 60), _rotate
    ),
    "scale": Distortion("size, 1 is as it was", (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4), _scale),
    "blur": Distortion("standard deviation of the blur, in pixels", (0, 0.5, 1, 1.5, 2, 2.5, 3), _blur),
    "noise": Distortion("standard deviation of the noise, ink = 1", (0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8), _add_noise),
}


def measure_robustness(network: MLP, split: Split, progress: Callable[[float], None]) -> pd.DataFrame:
    """Return the accuracy at every level of every distortion: `distortion`, `level`, `accuracy` in [0, 1].

    Parameters
    ----------
    progress
        Called with the share done, in [0, 1], after each level.
    """
    rows = as_rows(split.images, network.dtype)
    todo = [(name, level) for name, distortion in DISTORTIONS.items() for level in distortion.levels]
    accuracies = []
    for done, (name, level) in enumerate(todo, start=1):
        answers = [network.predict(version) == split.labels for version in DISTORTIONS[name].versions(rows, level)]
        accuracies.append(float(np.mean(answers)))
        progress(done / len(todo))
    return pd.DataFrame(todo, columns=["distortion", "level"]).assign(accuracy=accuracies)


def table_bytes(table: pd.DataFrame) -> bytes:
    """Return the table of `measure_robustness` as CSV, to be kept."""
    return table.to_csv(index=False).encode()


def read_table(content: bytes) -> pd.DataFrame:
    """Return the table that `table_bytes` wrote."""
    return pd.read_csv(io.BytesIO(content))


def examples(image: NDArray[np.uint8], distortion: str) -> NDArray[np.uint8]:
    """Return one image (28, 28) at each level of a distortion, uint8 (levels, 28, 28)."""
    row, kind = as_rows(image[None], np.dtype(np.float32)), DISTORTIONS[distortion]
    versions = np.concatenate([next(kind.versions(row, level)) for level in kind.levels])
    return np.rint(versions * 255).astype(np.uint8).reshape(-1, *IMAGE_SHAPE)
