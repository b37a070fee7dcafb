"""Which training images a run learns from, and which it holds out to be measured on."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.dataset import CLASSES, Dataset, Split
from mnist_core.training.config import TrainingConfig
from mnist_core.training.streams import stream

MOST_HELD_OUT = 10_000


# Held out are the last images, not a random draw. A stored config says only how many images its run held out; which
# they are must stay what it was, because the run is resumed, calibrated and looked at with them long afterwards. And
# runs that differ in their seeds, as in a study, are compared on the same images. The price: the last images are not
# quite like the test set (measured on the last 10,000: `fast` reads 0.27 points more of them than of the test set,
# `modern` 0.15 points fewer). A random draw stratified by label resembles it better, which is why `fast` was chosen on
# one (see `presets`). So compare validation accuracies with one another, never with a test accuracy.
def split_training(config: TrainingConfig, dataset: Dataset) -> tuple[Split, Split | None]:
    """Return the images to learn from and the held-out ones, or None where the config holds none out.

    The last `validation_size` training images are held out, the same ones for every seed. The run learns from all those
    before them, or from `train_size` of them drawn at random by the config's seed, with the config's `label_noise` in
    their labels.

    Raises
    ------
    ValueError
        No image is left to learn from.
    """
    available = len(dataset.train) - config.validation_size
    if available < 1:
        raise ValueError(
            f"validation_size: expected fewer than the {len(dataset.train)} training images of {dataset.name}, "
            f"received {config.validation_size}. Hold out fewer."
        )
    images, labels = dataset.train.images, dataset.train.labels
    validation = Split(images[available:], labels[available:]) if config.validation_size else None
    if config.train_size >= available:
        return Split(images[:available], _with_noise(config, labels[:available])), validation
    learnt = learnt_indices(config, available)
    return Split(images[learnt], _with_noise(config, labels[learnt])), validation


def _with_noise(config: TrainingConfig, labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the labels, with the share of them that the config asks for replaced by random other classes.

    The share is rounded to whole labels. With the same seed, more noise replaces all the labels that less noise
    replaces, by the same classes, and others besides.
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
    """Return the last training images, `most` at most, that the config does not learn from; none if it learns from all.

    They are the validation images and, where `train_size` leaves some out, the others that are not used: the only ones
    by which anything about the run may still be chosen.
    """
    available = len(dataset.train) - config.validation_size
    unlearnt = np.setdiff1d(np.arange(len(dataset.train)), learnt_indices(config, available))[-most:]
    return Split(dataset.train.images[unlearnt], dataset.train.labels[unlearnt])
