"""The batches of the NumPy run, image by image, as tensors."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from mnist_core.data.dataset import Split
from mnist_core.keras_twin.backend import tf
from mnist_core.nn.mlp import as_rows
from mnist_core.threads import Threads
from mnist_core.training.config import PIXELS, TrainingConfig
from mnist_core.training.parallel.blocks import Part, batch_order
from mnist_core.training.parallel.sources import make_source

Batch = tuple[Any, Any]


class PlainBatches:
    """Batches of the images as they are.

    Attributes
    ----------
    steps
        Batches of an epoch.
    """

    def __init__(self, config: TrainingConfig, split: Split) -> None:
        self._seed, self._count = config.seed, len(split)
        self._batch_size = min(config.batch_size or self._count, self._count)
        self.steps = -(-self._count // self._batch_size)
        self._x = tf.constant(as_rows(split.images, np.dtype(config.dtype)))
        self._labels = tf.constant(split.labels.astype(np.int32))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield pixels and labels of each batch of an epoch."""
        if self.steps == 1:
            yield self._x, self._labels
            return
        order = batch_order(self._seed, epoch, self._count)
        for start in range(0, self._count, self._batch_size):
            chosen = tf.constant(order[start : start + self._batch_size])
            yield tf.gather(self._x, chosen), tf.gather(self._labels, chosen)


class DistortedBatches:
    """Batches of images distorted by the NumPy run's own code: its very same distortions."""

    def __init__(self, config: TrainingConfig, split: Split, threads: Threads) -> None:
        self._source, self.steps = make_source(config, split, threads)
        self._threads, self._dtype = threads, config.dtype

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield pixels and labels of each batch of an epoch."""
        for parts in self._source.batches(epoch):
            x, labels = self._load(parts)
            yield tf.constant(x), tf.constant(labels)

    def _load(self, parts: Sequence[Part]) -> tuple[np.ndarray, np.ndarray]:
        ends = np.cumsum([len(part) for part in parts])
        x = np.empty((ends[-1], PIXELS), self._dtype)

        def load(numbered: tuple[int, Part]) -> np.ndarray:
            end, part = numbered
            return part.load(x[end - len(part) : end]).labels

        labels = self._threads.map(load, zip(ends.tolist(), parts, strict=True))
        return x, np.concatenate(labels).astype(np.int32)


def make_batches(config: TrainingConfig, split: Split, threads: Threads) -> PlainBatches | DistortedBatches:
    """Return the batches that the NumPy run of `config` would see."""
    if config.augmentation == "none":
        return PlainBatches(config, split)
    return DistortedBatches(config, split, threads)
