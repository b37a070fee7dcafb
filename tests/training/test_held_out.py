import numpy as np
import pytest

from mnist_core import TrainingConfig
from mnist_core.training.split import held_out, split_training


@pytest.mark.parametrize(
    ("train_size", "validation_size", "expected"), [(60_000, 0, 0), (60_000, 5000, 5000), (20_000, 1000, 40_000)]
)
def test_held_out_images_and_learnt_images_are_all_training_images(mnist, train_size, validation_size, expected):
    config = TrainingConfig(train_size=train_size, validation_size=validation_size, seed=3)
    unseen, (learnt, _) = held_out(config, mnist, most=60_000), split_training(config, mnist)
    assert len(unseen) == expected
    assert len(unseen) + len(learnt) == 60_000
    ink = np.concatenate([unseen.images, learnt.images]).sum(axis=(1, 2), dtype=np.int64)
    assert np.array_equal(np.sort(ink), np.sort(mnist.train.images.sum(axis=(1, 2), dtype=np.int64)))


def test_validation_images_are_the_last_of_the_held_out_ones(mnist):
    config = TrainingConfig(train_size=20_000, validation_size=1000)
    validation = split_training(config, mnist)[1]
    unseen = held_out(config, mnist)
    assert len(unseen) == 10_000
    assert np.array_equal(unseen.images[-1000:], validation.images)
