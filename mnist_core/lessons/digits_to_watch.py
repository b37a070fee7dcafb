"""The same few held-out images for everybody, to watch how a network's guesses for them change."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.data import Dataset, Split
from mnist_core.data.dataset import CLASSES
from mnist_core.training.config import TrainingConfig
from mnist_core.training.split import learnt_indices

COUNT = 40
# A run that holds out so many images or more has learnt from none of these.
AMONG_LAST = 1000


def digits_to_watch(dataset: Dataset) -> Split:
    """Return forty of the last training images: the last four of each class, as far as there are, class after class.

    Parameters
    ----------
    dataset
        Its training set's last images are those that runs hold out first.
    """
    return Split(*(array[watched_indices(dataset)] for array in (dataset.train.images, dataset.train.labels)))


def watched_indices(dataset: Dataset) -> NDArray[np.intp]:
    """Return which training images these are, counted from 0."""
    labels = dataset.train.labels[-AMONG_LAST:]
    classes = np.arange(CLASSES)
    a_class = COUNT // CLASSES
    chosen = np.concatenate([np.flatnonzero(labels == number)[-a_class:] for number in classes])
    return chosen + len(dataset.train) - len(labels)


def ten_to_watch(config: TrainingConfig, dataset: Dataset) -> tuple[Split, int]:
    """Return the first of these images of each class, and how many of them a run of `config` learns from.

    None where it holds out a thousand images or more.
    """
    watched, available = watched_indices(dataset), len(dataset.train) - config.validation_size
    _, first = np.unique(dataset.train.labels[watched], return_index=True)
    ten = watched[first]
    learnt = np.isin(ten, learnt_indices(config, available))
    return Split(dataset.train.images[ten], dataset.train.labels[ten]), int(np.count_nonzero(learnt))
