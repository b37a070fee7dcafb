"""The training images a run did not learn from: the only ones on which anything about it may still be chosen."""

import numpy as np

from mnist_core.data import Dataset, Split
from mnist_core.training import TrainingConfig
from mnist_core.training.split import learnt_indices


def held_out(config: TrainingConfig, dataset: Dataset) -> Split:
    """Return the training images that the config does not learn from, in their order; none of it has none.

    They are the validation images, and those left over where `train_size` is smaller than what there is.
    """
    available = len(dataset.train) - config.validation_size
    unseen = np.ones(len(dataset.train), bool)
    unseen[learnt_indices(config, available)] = False
    return Split(dataset.train.images[unseen], dataset.train.labels[unseen])
