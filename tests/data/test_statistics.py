"""The statistics equal known facts about MNIST and independent counts on small splits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.data.dataset import Split
from mnist_core.data.mnist import PACKAGED_DIR, load_folder
from mnist_core.data.statistics import (
    average_images,
    distribution,
    ink_frequency,
    intensity_histograms,
    intensity_table,
    label_counts,
)


@pytest.fixture(scope="module")
def mnist():
    return load_folder(PACKAGED_DIR)


def test_the_distribution_has_counts_and_shares_of_both_splits(mnist):
    table = distribution(mnist).set_index("digit")
    assert list(table.loc[1, ["training_count", "test_count"]]) == [6742, 1135]
    assert table.loc[5, "training_share"] == pytest.approx(5421 / 60_000)
    assert table.loc[5, "test_share"] == pytest.approx(892 / 10_000)
    assert table[["training_count", "test_count"]].sum().tolist() == [60_000, 10_000]
    assert table[["training_share", "test_share"]].sum().tolist() == pytest.approx([1, 1])


def test_averages_equal_numpy_on_the_images_of_a_digit(mnist):
    means, deviations = average_images(mnist.test)
    threes = mnist.test.images[mnist.test.labels == 3].astype(float)
    assert means.shape == deviations.shape == (10, 28, 28)
    assert np.allclose(means[3], threes.mean(axis=0))
    assert np.allclose(deviations[3], threes.std(axis=0))


def test_intensities_equal_the_known_mean_and_deviation_of_mnist(mnist):
    table = intensity_table(intensity_histograms(mnist.train)).set_index("digit")
    # The usual normalisation constants of MNIST are these two over 255: 0.1307 and 0.3081.
    assert table.loc["all", "mean"] / 255 == pytest.approx(0.1307, abs=5e-5)
    assert table.loc["all", "deviation"] / 255 == pytest.approx(0.3081, abs=5e-5)
    assert table.loc["all", "pixels"] == 60_000 * 784
    assert table.loc["all", "ink_share"] == pytest.approx(0.1912, abs=5e-5)
    assert table["ink_share"].idxmin() == "1"
    assert table["ink_share"].idxmax() == "0"


def test_67_pixels_are_never_inked_in_the_training_images(mnist):
    frequency = ink_frequency(mnist.train)
    assert np.count_nonzero(frequency == 0) == 67
    assert np.count_nonzero(mnist.train.images.max(axis=0) == 0) == 67
    assert frequency.max() == np.count_nonzero(mnist.train.images, axis=0).max() / 60_000


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_every_statistic_agrees_with_a_direct_count(labels, seed):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (len(labels), 28, 28), np.uint8) * rng.integers(0, 2, (28, 28), np.uint8)
    labels = np.array(labels, np.uint8)
    split = Split(images, labels)
    table = intensity_table(intensity_histograms(split)).set_index("digit")
    assert label_counts(split).sum() == len(images)
    assert table.loc["all", "mean"] == pytest.approx(images.mean())
    assert table.loc["all", "deviation"] == pytest.approx(images.std(), abs=1e-4)
    assert table.loc["all", "ink_share"] == pytest.approx((images > 0).mean())
    chosen = images[labels == labels[0]]
    assert table.loc[str(labels[0]), "mean"] == pytest.approx(chosen.mean())
    means, deviations = average_images(split)
    assert np.allclose(means[labels[0]], chosen.mean(axis=0))
    assert np.allclose(deviations[labels[0]], chosen.std(axis=0))
    assert np.allclose(ink_frequency(split), (images > 0).mean(axis=0))


def test_a_digit_without_images_has_no_numbers_and_gives_no_warning():
    split = Split(np.full((1, 28, 28), 7, np.uint8), np.array([4], np.uint8))
    means, _ = average_images(split)
    table = intensity_table(intensity_histograms(split)).set_index("digit")
    assert np.isnan(means[0]).all()
    assert (means[4] == 7).all()
    assert np.isnan(table.loc["0", "mean"])
    assert table.loc["0", "pixels"] == 0
    assert table.loc["4", "mean"] == 7
