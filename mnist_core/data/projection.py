"""A map of many images: their two directions of greatest variance (principal components)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from mnist_core.data.dataset import Split


@dataclass(frozen=True, eq=False)
class Projection:
    """Where a sample of images lies on the plane of its two principal components.

    Attributes
    ----------
    indices
        Which images of the split were drawn, int64 (n,), rising.
    labels
        Their digits, uint8 (n,).
    positions
        Their places, float32 (n, 2), in units of full ink (1 = one pixel from paper to ink).
    variance_shares
        Share of the sample's variance along each axis, in [0, 1], float32 (2,).
    """

    indices: NDArray[np.int64]
    labels: NDArray[np.uint8]
    positions: NDArray[np.float32]
    variance_shares: NDArray[np.float32]


def principal_components(split: Split, count: int = 3000, seed: int = 0) -> Projection:
    """Project `count` images of `split` (or all, if it has fewer), drawn at random by `seed`.

    A few lines of NumPy instead of scikit-learn, whose import costs the server 80 MB and a second; a test compares
    the two. The mathematics leaves the signs open: here, each direction's largest weight is positive.
    """
    drawn = np.random.default_rng(seed).choice(len(split), min(count, len(split)), replace=False)
    indices = np.sort(drawn).astype(np.int64)
    centred = split.images[indices].reshape(len(indices), -1).astype(np.float32)
    centred /= 255
    centred -= centred.mean(axis=0)
    # One BLAS thread: beside a worker that is training, two would mostly wait for each other.
    with threadpool_limits(1):
        variances, directions = np.linalg.eigh(centred.T @ centred)  # rising variances, directions in columns
    axes = directions[:, :-3:-1]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    shares = variances[:-3:-1] / max(variances.sum(), np.finfo(np.float32).tiny)
    return Projection(indices, split.labels[indices], centred @ axes, shares)


def outermost(projection: Projection, end: str, count: int) -> NDArray[np.int64]:
    """Return which `count` images lie farthest "left", "right", "bottom" or "top": indices in their split."""
    axis, sign = {"left": (0, 1), "right": (0, -1), "bottom": (1, 1), "top": (1, -1)}[end]
    order = np.argsort(sign * projection.positions[:, axis], kind="stable")
    return projection.indices[order[:count]]
