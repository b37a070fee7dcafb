"""How accuracy falls as the test images are shifted, turned, scaled, blurred or made noisy.

All but the noise are linear in the pixels, so each is one (784, 784) matrix M: an image x becomes x @ M. As the first
layer computes (x @ M) @ kernel = x @ (M @ kernel), a network with the kernel M @ kernel sees every image distorted,
and no image has to be.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from mnist_core.data import Split
from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.mlp import as_rows

_SIDE = IMAGE_SHAPE[0]
_PIXELS = _SIDE * _SIDE
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
    matrices
        Gives for a level the matrices M, float64 (784, 784), one for each direction the distortion has. None for noise.
    """

    axis: str
    levels: tuple[float, ...]
    matrices: Callable[[float], list[FloatArray]] | None


def _affine(inverse: FloatArray, shift: tuple[float, float] = (0, 0)) -> FloatArray:
    """Return M that moves ink: pixel p becomes the bilinear value at inverse @ (p - shift), around the centre."""
    targets = np.indices(IMAGE_SHAPE).reshape(2, -1) - _CENTRE
    y, x = inverse @ (targets - np.reshape(shift, (2, 1))) + _CENTRE
    top, left = np.floor(y).astype(np.intp), np.floor(x).astype(np.intp)
    matrix = np.zeros((_PIXELS, _PIXELS))
    for row, weight_y in ((top, top + 1 - y), (top + 1, y - top)):
        for column, weight_x in ((left, left + 1 - x), (left + 1, x - left)):
            inside = np.flatnonzero((row >= 0) & (row < _SIDE) & (column >= 0) & (column < _SIDE))
            matrix[(row * _SIDE + column)[inside], inside] += (weight_y * weight_x)[inside]
    return matrix


def _shift(pixels: float) -> list[FloatArray]:
    return [_affine(np.eye(2), (down * pixels, right * pixels)) for down, right in _DIRECTIONS]


def _turn(degrees: float) -> list[FloatArray]:
    sine, cosine = np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))
    # Rows run downwards: this is the inverse of a clockwise turn, in (row, column).
    return [_affine(np.array([[cosine, -sine], [sine, cosine]]))]


def _scale(factor: float) -> list[FloatArray]:
    return [_affine(np.eye(2) / factor)]


def _blur(deviation_px: float) -> list[FloatArray]:
    along_an_axis = gaussian_filter1d(np.eye(_SIDE), deviation_px, mode="constant") if deviation_px else np.eye(_SIDE)
    return [np.kron(along_an_axis, along_an_axis)]


def _add_noise(rows: FloatArray, deviation: float) -> FloatArray:
    noise = np.random.default_rng(0).standard_normal(rows.shape, np.float32)
    return np.clip(rows + deviation * noise, 0, 1).astype(rows.dtype, copy=False)


_ANGLES = (-60, -45, -30, -20, -10, 0, 10, 20, 30, 45, 60)
DISTORTIONS = {
    "shift": Distortion("shift in pixels, mean of four directions", (0, 1, 2, 3, 4, 6, 8), _shift),
    "turn": Distortion("turned clockwise, degrees", _ANGLES, _turn),
    "scale": Distortion("size, 1 is as it was", (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4), _scale),
    "blur": Distortion("standard deviation of the blur, in pixels", (0, 0.5, 1, 1.5, 2, 2.5, 3), _blur),
    "noise": Distortion(
        "noise as applied, within paper and ink: root mean square, ink = 1", (0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8), None
    ),
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
        correct = [answers == split.labels for answers in _answers(network, rows, DISTORTIONS[name], level)]
        accuracies.append(float(np.mean(correct)))
        progress(done / len(todo))
    return pd.DataFrame(todo, columns=["distortion", "level"]).assign(accuracy=accuracies)


def _answers(network: MLP, rows: FloatArray, kind: Distortion, level: float) -> Iterator[NDArray[np.intp]]:
    if kind.matrices is None:
        yield network.predict(_add_noise(rows, level))
        return
    for matrix in kind.matrices(level):
        distorting = network.copy()
        distorting.kernels[0][:] = matrix.astype(network.dtype) @ network.kernels[0]
        yield distorting.predict(rows)


def table_bytes(table: pd.DataFrame) -> bytes:
    """Return the table of `measure_robustness` as CSV, to be kept."""
    return table.to_csv(index=False).encode()


def read_table(content: bytes) -> pd.DataFrame:
    """Return the table that `table_bytes` wrote; releases that called a turn "rotation" counted it anticlockwise."""
    table = pd.read_csv(io.BytesIO(content))
    anticlockwise = table["distortion"] == "rotation"
    table.loc[anticlockwise, "level"] *= -1
    table.loc[anticlockwise, "distortion"] = "turn"
    return (
        table.sort_values(["distortion", "level"], kind="stable", ignore_index=True) if anticlockwise.any() else table
    )


def distort(images: NDArray[np.uint8], distortion: str, level: float) -> NDArray[np.uint8]:
    """Return images, uint8 (n, 28, 28), distorted: to be looked at. A shift is to the right."""
    rows, kind = as_rows(images, np.dtype(np.float32)), DISTORTIONS[distortion]
    distorted = _add_noise(rows, level) if kind.matrices is None else rows @ kind.matrices(level)[0]
    return np.rint(distorted * 255).astype(np.uint8).reshape(images.shape)


def applied_levels(images: NDArray[np.uint8], distortion: str) -> list[float]:
    """Return what each level amounts to on `images`, uint8 (n, 28, 28).

    Noise is added with a standard deviation of `level` and then cut off at paper and at ink, where most pixels of an
    image are: what is applied is measured, as the root mean square of the pixels' changes. Other levels are applied as
    they are.
    """
    levels = DISTORTIONS[distortion].levels
    if DISTORTIONS[distortion].matrices is not None:
        return [float(level) for level in levels]
    rows = as_rows(images, np.dtype(np.float32))
    return [round(float(np.sqrt(np.square(_add_noise(rows, level) - rows).mean())), 3) for level in levels]


def examples(image: NDArray[np.uint8], distortion: str) -> NDArray[np.uint8]:
    """Return one image (28, 28) at each level of a distortion, uint8 (levels, 28, 28)."""
    return np.concatenate([distort(image[None], distortion, level) for level in DISTORTIONS[distortion].levels])
