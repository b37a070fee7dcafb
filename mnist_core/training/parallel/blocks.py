"""The training images as blocks of rows, small enough to stay in a core's cache while they go through the network.

A full batch is a sum over images, so their order is free. `InkedBlocks` uses that for the *column trick*: sorted by
the extent of their ink, 750 neighbours have ink in only about 380 of the 784 pixels; the others contribute exactly
nothing to any product, so they are left out. `ShuffledRows` gathers the batches of one random order an epoch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.augmentation import GROUP, Augmentation
from mnist_core.data.dataset import Split
from mnist_core.nn.arrays import FloatArray
from mnist_core.threads import Threads
from mnist_core.training.streams import stream

BLOCK_ROWS = 750


@dataclass(frozen=True, eq=False)
class Block:
    """Some images of a batch.

    Attributes
    ----------
    x
        Pixels in [0, 1], shape (rows, columns).
    labels
        Shape (rows,).
    columns
        Which pixels the columns of `x` are, ascending; None means all.
    """

    x: FloatArray
    labels: NDArray[np.intp]
    columns: NDArray[np.intp] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def load(self, buffer: FloatArray) -> "Block":
        """Return the block itself."""
        return self


class Part(Protocol):
    """A block that the thread which works on it may still have to gather."""

    def __len__(self) -> int: ...

    def load(self, buffer: FloatArray) -> Block:
        """Return the block, gathered into the first rows of `buffer` if need be."""


class Source(Protocol):
    """Where the batches of an epoch come from: `InkedBlocks` or `ShuffledRows`."""

    @property
    def block_rows(self) -> int:
        """The most images that one part of a batch has."""

    def batches(self, epoch: int) -> Iterator[list[Part]]:
        """Yield each batch as its parts."""


@dataclass(frozen=True, eq=False)
class InkedPart:
    """Some images, without the pixels that are paper in all of them.

    Attributes
    ----------
    levels
        Grey levels, uint8 (rows, columns). Bytes come from memory in a quarter of the time that floats would take.
    labels, columns
        Like those of a `Block`.
    """

    levels: NDArray[np.uint8]
    labels: NDArray[np.intp]
    columns: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.labels)

    def load(self, buffer: FloatArray) -> Block:
        """Return the block, its ink written to the beginning of `buffer`."""
        x = buffer.reshape(-1)[: self.levels.size].reshape(self.levels.shape)
        _write_ink(self.levels, x)
        return Block(x, self.labels, self.columns)


def _write_ink(levels: NDArray[np.uint8], out: FloatArray) -> None:
    """Write grey levels as ink in [0, 1]: a cast, then a product, which is faster in NumPy than both at once."""
    np.copyto(out, levels)
    out *= 1 / 255


class InkedBlocks:
    """All images as one batch, in blocks of only the pixels that have ink in the block.

    Parameters
    ----------
    split
        The images.
    threads
        Prepare the blocks.
    """

    block_rows = BLOCK_ROWS

    def __init__(self, split: Split, threads: Threads) -> None:
        order = sort_by_extent_of_ink(split)
        pixels = split.images.reshape(len(split), -1)
        labels = split.labels.astype(np.intp)

        def prepare(start: int) -> InkedPart:
            rows = order[start : start + self.block_rows]
            block = pixels[rows]
            columns = np.flatnonzero(block.any(axis=0))
            return InkedPart(np.ascontiguousarray(block[:, columns]), labels[rows], columns)

        self._parts = threads.map(prepare, range(0, len(order), self.block_rows))

    def batches(self, epoch: int) -> Iterator[list[Part]]:
        """Yield the one batch of an epoch, as its parts."""
        yield list(self._parts)


def sort_by_extent_of_ink(split: Split) -> NDArray[np.intp]:
    """Return an order of the images in which neighbours have their ink in about the same pixels."""
    # Four pixels at a time, as one 32-bit word.
    words = np.ascontiguousarray(split.images).view(np.uint32)
    columns = np.bitwise_or.reduce(words, axis=1).view(np.uint8) != 0
    rows = np.bitwise_or.reduce(words, axis=2) != 0
    left, top = columns.argmax(axis=1), rows.argmax(axis=1)
    width = columns.shape[1] - columns[:, ::-1].argmax(axis=1) - left
    return np.lexsort((split.labels, top, left // 2, width // 2))


@dataclass(frozen=True, eq=False)
class ShuffledRows:
    """Batches of images in a new random order each epoch.

    Attributes
    ----------
    images, labels
        Grey levels of all images, uint8 (n, 784), and labels, shape (n,).
    batch_size, block_rows
        Images of a batch and, at most, of one of its blocks. With augmentation, blocks begin where a group of images
        that are distorted alike does.
    seed
        Draws the orders and the distortions.
    augmentation
        Distorts each block when it is used; None means no distortion.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.intp]
    batch_size: int
    block_rows: int
    seed: int
    augmentation: Augmentation | None = None

    def batches(self, epoch: int) -> Iterator[list[Part]]:
        """Yield each batch of an epoch as its blocks; each image comes once."""
        order = batch_order(self.seed, epoch, len(self.labels))
        for start in range(0, len(order), self.batch_size):
            end = min(start + self.batch_size, len(order))
            firsts = range(start, end, self.block_rows)
            yield [Rows(self, order[first : min(first + self.block_rows, end)], epoch, first) for first in firsts]


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """Some images of a batch, by index; `first` is the place of the first of them in the epoch's order."""

    source: ShuffledRows
    indices: NDArray[np.intp]
    epoch: int
    first: int

    def __len__(self) -> int:
        return len(self.indices)

    def load(self, buffer: FloatArray) -> Block:
        """Return the block, as ink in [0, 1] in the first rows of `buffer`, distorted if so configured."""
        source = self.source
        x = buffer[: len(self.indices)]
        _write_ink(np.take(source.images, self.indices, axis=0), x)
        if source.augmentation is not None:
            groups = range(self.first, self.first + len(x), GROUP)
            source.augmentation.distort(x, [stream(source.seed, "augment", self.epoch, group) for group in groups])
        return Block(x, source.labels[self.indices])


def batch_order(seed: int, epoch: int, n: int) -> NDArray[np.intp]:
    """Return the order, shape (n,), in which `epoch` takes its images, batch after batch."""
    return stream(seed, "shuffle", epoch).permutation(n)
