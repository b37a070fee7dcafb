"""The same network in Keras, to prove the NumPy one: the only place that imports keras and tensorflow.

Their import takes seconds and 600 MB, so nothing here imports them before `train_twin` or `time_fit` is called, which
only workers do. Model files and the code to copy need neither.

Read in this order: availability, fields, keras_file, architecture, reader; backend, build, weights, precision, step,
batches, trainer, fit; differences, lockstep, times; code_text.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mnist_core.data.dataset import Dataset
from mnist_core.keras_twin.availability import (
    INSTALL_COMMAND,
    INSTALLS_WHERE,
    check_room,
    is_installed,
    versions,
    why_not,
)
from mnist_core.keras_twin.code_text import keras_code
from mnist_core.keras_twin.differences import read_differences
from mnist_core.keras_twin.fields import notes_on
from mnist_core.keras_twin.keras_file import to_keras_file
from mnist_core.nn import MLP
from mnist_core.training.config import TrainingConfig
from mnist_core.training.results import Checkpoint

if TYPE_CHECKING:
    from mnist_core.keras_twin.trainer import KerasTrainer

__all__ = [
    "INSTALLS_WHERE",
    "INSTALL_COMMAND",
    "is_installed",
    "keras_code",
    "notes_on",
    "read_differences",
    "time_fit",
    "to_keras_file",
    "train_twin",
    "versions",
    "why_not",
]


def train_twin(
    config: TrainingConfig,
    dataset: Dataset,
    resume_from: Checkpoint | None = None,
    *,
    threads: int | None = None,
    initial: MLP | None = None,
) -> "KerasTrainer":
    """Return what `mnist_core.training.train` returns, with Keras doing the work.

    Parameters
    ----------
    config, dataset, resume_from, threads
        As for `train`. Initial weights and the order of the images are the same.
    initial
        Start from a copy of this network instead of the config's initial weights.

    Raises
    ------
    ValueError
        As for `train`; or `initial` has other layers than the config.
    LimitError
        Keras may not be used here, or there is too little memory for it.
    """
    check_room()
    from mnist_core.keras_twin.trainer import KerasTrainer  # noqa: PLC0415 - imports TensorFlow

    return KerasTrainer(config, dataset, resume_from, threads=threads, initial=initial)


def time_fit(
    config: TrainingConfig,
    dataset: Dataset,
    epochs: int,
    threads: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[float, ...]:
    """Return the seconds that each of `epochs` passes of `model.fit` takes, as most Keras users would call it.

    After each step `progress` is called with the share done; what it raises ends the measurement.

    Raises
    ------
    LimitError
        Keras may not be used here, or there is too little memory for it.
    """
    check_room()
    from mnist_core.keras_twin.fit import time_fit as timed  # noqa: PLC0415 - imports TensorFlow

    return timed(config, dataset, epochs, threads, progress)
