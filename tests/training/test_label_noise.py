"""Wrong labels: exactly so many, each of another class, drawn from a stream of their own, and nowhere else."""

import numpy as np
import pytest

from mnist_core import TrainingConfig, train
from mnist_core.training.split import held_out, split_training

CLEAN = TrainingConfig(train_size=1000, validation_size=500, seed=3)


def learnt(config, dataset):
    return split_training(config, dataset)[0]


def with_noise(share, **changes):
    return CLEAN.model_copy(update={"label_noise": share, **changes})


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (0.1234, 123), (0.5, 500), (1.0, 1000)])
@pytest.mark.parametrize("train_size", [1000, 60_000])
def test_exactly_the_share_is_replaced_by_other_classes(mnist, share, expected, train_size):
    config = with_noise(share, train_size=train_size)
    clean, noisy = learnt(with_noise(0.0, train_size=train_size), mnist), learnt(config, mnist)
    assert np.array_equal(clean.images, noisy.images)
    wrong = clean.labels != noisy.labels
    assert wrong.sum() == (expected if train_size == 1000 else round(share * 59_500))
    assert (noisy.labels.dtype, noisy.labels.max()) == (np.uint8, 9)


def test_each_other_class_is_as_likely(mnist):
    clean, noisy = (learnt(with_noise(share, train_size=60_000), mnist).labels.astype(int) for share in (0.0, 1.0))
    counts = np.bincount((noisy - clean) % 10, minlength=10)
    assert counts[0] == 0
    assert (np.abs(counts[1:] - 59_500 / 9) < 5 * np.sqrt(59_500 * 8 / 81)).all()


def test_what_it_is_measured_on_keeps_its_labels(mnist):
    before = mnist.train.labels.copy(), mnist.test.labels.copy()
    _, validation = split_training(with_noise(1.0), mnist)
    assert np.array_equal(validation.labels, mnist.train.labels[-500:])
    assert np.array_equal(held_out(with_noise(1.0), mnist).labels, held_out(CLEAN, mnist).labels)
    assert np.array_equal(mnist.train.labels, before[0])
    assert np.array_equal(mnist.test.labels, before[1])


def test_the_same_seed_draws_the_same_labels_and_more_noise_only_adds_to_them(mnist):
    clean, some, more = (learnt(with_noise(share), mnist).labels for share in (0.0, 0.2, 0.6))
    assert np.array_equal(some, learnt(with_noise(0.2), mnist).labels)
    wrong = clean != some
    assert np.array_equal(more[wrong], some[wrong])
    other_seed = with_noise(0.2, seed=4, train_size=60_000)
    assert not np.array_equal(
        learnt(other_seed, mnist).labels, learnt(with_noise(0.2, train_size=60_000), mnist).labels
    )


def test_it_disturbs_no_other_random_number(mnist):
    """First weights and the choice of images have streams of their own."""
    noisy, clean = train(with_noise(0.5), mnist), train(CLEAN, mnist)
    assert np.array_equal(noisy.network.parameters, clean.network.parameters)
    assert np.array_equal(learnt(with_noise(0.5), mnist).images, learnt(CLEAN, mnist).images)


def test_a_network_can_memorise_nonsense(mnist):
    config = TrainingConfig(
        train_size=200,
        validation_size=1000,
        label_noise=1.0,
        epochs=150,
        batch_size=20,
        optimizer="adam",
        learning_rate=0.002,
    )
    last = [*train(config, mnist)][-1]
    assert last.accuracy > 0.95
    assert last.validation_accuracy < 0.1  # worse than guessing, as each label that it learnt was wrong
