"""On which images a run's snapshots are judged: never on the test set."""

from mnist_core.data import Dataset
from mnist_core.data.dataset import Split
from mnist_core.lessons.step_sizes import first
from mnist_core.training.config import TrainingConfig
from mnist_core.training.split import split_training

FILM_IMAGES = 2000


def film_images(config: TrainingConfig, dataset: Dataset) -> tuple[Split, str]:
    """Return at most 2,000 images that the run holds out, or else learns from, and in words which they are."""
    training, validation = split_training(config, dataset)
    if validation is not None:
        chosen = first(validation, FILM_IMAGES)
        return chosen, f"{len(chosen):,} images held out from training"
    chosen = first(training, FILM_IMAGES)
    return chosen, f"{len(chosen):,} training images"
