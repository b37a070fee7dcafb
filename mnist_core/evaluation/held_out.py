"""The training images a run did not learn from: the only ones on which anything about it may still be chosen."""

import numpy as np

from mnist_core.data import Dataset, Split
from mnist_core.training import TrainingConfig
from mnist_core.training.split import learnt_indices

MOST = 10_000


def held_out(config: TrainingConfig, dataset: Dataset, most: int = MOST) -> Split:
    """Return the last training images that the config does not learn from, `most` of them; none if there are none.

    They are the validation images, and those left over where `train_size` is smaller than what there is.
    """
    available = len(dataset.train) - config.validation_size
    unlearnt = np.setdiff1d(np.arange(len(dataset.train)), learnt_indices(config, available))[-most:]
    return Split(dataset.train.images[unlearnt], dataset.train.labels[unlearnt])
