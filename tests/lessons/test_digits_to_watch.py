"""The images to watch: of each class, the same for every run, and honest about what a run has learnt."""

import numpy as np
import pytest

from mnist_core import TrainingConfig
from mnist_core.lessons.digits_to_watch import digits_to_watch, ten_to_watch
from mnist_core.training.split import split_training


@pytest.mark.parametrize(
    ("settings", "learnt_from"),
    [
        ({"validation_size": 1000}, 0),
        ({"validation_size": 10_000, "train_size": 500}, 0),
        ({"validation_size": 40}, 3),
        ({"validation_size": 0}, 10),
    ],
)
def test_the_ten_are_the_same_for_every_run_and_held_out_by_those_that_hold_out_enough(dataset, settings, learnt_from):
    config = TrainingConfig(**settings)
    ten, learnt = ten_to_watch(config, dataset)
    assert ten.labels.tolist() == list(range(10))
    assert np.array_equal(ten.images, digits_to_watch(dataset).images[::4])
    assert learnt == learnt_from
    training, _ = split_training(config, dataset)
    assert sum((training.images == image).all(axis=(1, 2)).any() for image in ten.images) == learnt_from
