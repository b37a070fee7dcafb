"""A data set: a training and a test split of 28 x 28 grey images with class labels."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.classes import BY_FINGERPRINT, COUNT, Classes

IMAGE_SHAPE = (28, 28)
CLASSES = COUNT


@dataclass(frozen=True, eq=False)
class Split:
    """Images, uint8 (n, 28, 28), 0 = paper and 255 = ink, with their labels, uint8 (n,), in 0..9. Both read-only."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A training split to learn from and a test split to judge the finished network with.

    Attributes
    ----------
    name
        "MNIST" for the packaged files, otherwise the name of the folder.
    source
        Where the files came from, in words.
    named
        What its classes are called, where its folder says so; None otherwise: `classes` knows some data sets' names.
    """

    name: str
    source: str
    train: Split
    test: Split
    named: Classes | None = None

    @cached_property
    def classes(self) -> Classes:
        """What its classes are called: as its folder says, as the fingerprint tells, or else by their numbers."""
        return self.named or BY_FINGERPRINT.get(self.fingerprint) or Classes()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, as 64 hexadecimal digits, of all images and labels: equal data sets have equal fingerprints."""
        digest = hashlib.sha256()
        for split in (self.train, self.test):
            digest.update(np.ascontiguousarray(split.images).data)
            digest.update(np.ascontiguousarray(split.labels).data)
        return digest.hexdigest()
