"""What a trained network says of itself when it is saved."""

import platform

import numpy as np

from mnist_core.data.dataset import Dataset
from mnist_core.nn.origin import Origin
from mnist_core.training.config import TrainingConfig
from mnist_core.training.results import Status


def origin_of(config: TrainingConfig, dataset: Dataset, status: Status, epochs_done: int) -> Origin:
    """Return the origin of a network during or after its training."""
    return Origin(
        config=config.model_dump(mode="json"),
        dataset_name=dataset.name,
        dataset_fingerprint=dataset.fingerprint,
        status="unfinished" if status == "running" else status,
        epochs_done=epochs_done,
        versions={"python": platform.python_version(), "numpy": np.__version__},
    )
