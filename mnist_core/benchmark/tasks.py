"""What is measured: each task with its recipe and who takes part."""

from dataclasses import dataclass
from typing import Literal

from mnist_core.benchmark.contestants import CONTESTANTS, OURS
from mnist_core.training import TrainingConfig
from mnist_core.training.presets import PRESETS

Kind = Literal["train", "predict", "start"]
TRAINING_IMAGES, TEST_IMAGES = 60_000, 10_000


@dataclass(frozen=True)
class Task:
    """One thing to measure.

    Attributes
    ----------
    name
        Such as "mini-batch 32 adam".
    workload
        What it belongs to in ``--workload``.
    kind
        "train": one epoch. "predict": one call. "start": from the start of a process to its first finished epoch.
    config
        The recipe; its network for predictions.
    images
        Of an epoch or of a call.
    contestants
        Names.
    """

    name: str
    workload: str
    kind: Kind
    config: TrainingConfig
    images: int
    contestants: tuple[str, ...]

    @property
    def batch_size(self) -> int:
        """Images of one step."""
        return self.config.batch_size or self.images


_ONE_STEP = tuple(name for name in CONTESTANTS if name != "jax-scan")
_MANY_STEPS = tuple(name for name in CONTESTANTS if name != "textbook")
_PREDICT = (OURS, "keras-fit", "keras-step", "sklearn", "torch", "jax-step")
_START = (OURS, "keras-fit", "sklearn", "torch", "jax-step")
_CLASSIC = TrainingConfig(epochs=10_000)
_RATES = {"sgd": 0.1, "adam": 0.001}


def _mini_batch(batch_size: int, optimizer: str) -> Task:
    recipe = {"batch_size": batch_size, "optimizer": optimizer, "learning_rate": _RATES[optimizer]}
    config = TrainingConfig(**{**_CLASSIC.model_dump(), **recipe})
    return Task(f"mini-batch {batch_size} {optimizer}", "mini-batch", "train", config, TRAINING_IMAGES, _MANY_STEPS)


def _best(name: str, augmentation: str) -> Task:
    config = TrainingConfig(**{**PRESETS["best"], "augmentation": augmentation})
    return Task(name, "best", "train", config, TRAINING_IMAGES, (OURS,))


TASKS = {
    task.name: task
    for task in (
        Task("full-batch", "full-batch", "train", _CLASSIC, TRAINING_IMAGES, _ONE_STEP),
        *(_mini_batch(batch_size, optimizer) for batch_size in (32, 128, 1024) for optimizer in _RATES),
        _best("best", PRESETS["best"]["augmentation"]),
        _best("best, undistorted", "none"),
        Task("predict 1", "inference", "predict", _CLASSIC, 1, _PREDICT),
        Task("predict 10,000", "inference", "predict", _CLASSIC, TEST_IMAGES, _PREDICT),
        Task("start to first epoch", "start-up", "start", _CLASSIC, TRAINING_IMAGES, _START),
    )
}
WORKLOADS = tuple(dict.fromkeys(task.workload for task in TASKS.values()))
