"""Which training images a run learns from, and which it holds out to be measured on."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import CLASSES, Dataset, Split
from mnist_core.training.config import TrainingConfig
from mnist_core.training.streams import stream

MOST_HELD_OUT = 10_000


def split_training(config: TrainingConfig, dataset: Dataset) -> tuple[Split, Split | None]:
    """Return the images to learn from and the held-out ones, or None where the config holds none out.

    Held out are the last `validation_size` training images, the same for every seed. Of those before, all are learnt
    from, or `train_size` of them drawn at random with the config's seed; the config's `label_noise` is in their labels.

    Raises
    ------
    ValueError
        The data set has no image left to learn from.
    """
    available = len(dataset.train) - config.validation_size
    if available < 1:
        raise ValueError(
            f"validation_size: expected fewer than the {len(dataset.train)} training images of {dataset.name}, "
            f"received {config.validation_size}."
        )
    images, labels = dataset.train.images, dataset.train.labels
    validation = Split(images[available:], labels[available:]) if config.validation_size else None
    if config.train_size >= available:
        return Split(images[:available], _with_noise(config, labels[:available])), validation
    learnt = learnt_indices(config, available)
    return Split(images[learnt], _with_noise(config, labels[learnt])), validation


def _with_noise(config: TrainingConfig, labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the labels with the config's share of them, rounded to whole labels, replaced by random other classes.

    With the same seed, more noise replaces the labels that less noise does, by the same classes, and some more.
    """
    if not config.label_noise:
        return labels
    rng, noisy = stream(config.seed, "label_noise"), labels.copy()
    wrong = rng.permutation(len(labels))[: round(config.label_noise * len(labels))]
    shifts = rng.integers(1, CLASSES, len(labels))
    noisy[wrong] = (labels[wrong] + shifts[wrong]) % CLASSES
    return noisy


def images_per_epoch(config: TrainingConfig, dataset: Dataset) -> int:
    """Return how many images the config learns from in one pass."""
    return min(config.train_size, len(dataset.train) - config.validation_size)


def learnt_indices(config: TrainingConfig, available: int) -> NDArray[np.int64]:
    """Return, ascending, which of the first `available` training images the config learns from."""
    if config.train_size >= available:
        return np.arange(available)
    return np.sort(stream(config.seed, "split").choice(available, config.train_size, replace=False))


def held_out(config: TrainingConfig, dataset: Dataset, most: int = MOST_HELD_OUT) -> Split:
    """Return the last training images that the config does not learn from, `most` of them; none if there are none.

    They are the validation images, and those left over where `train_size` is smaller than what there is: the only ones
    on which anything about the run may still be chosen.
    """
    available = len(dataset.train) - config.validation_size
    unlearnt = np.setdiff1d(np.arange(len(dataset.train)), learnt_indices(config, available))[-most:]
    return Split(dataset.train.images[unlearnt], dataset.train.labels[unlearnt])
