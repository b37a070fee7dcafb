"""The map of images equals scikit-learn's principal components and is the same at each visit."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from mnist_core.data.dataset import Split
from mnist_core.data.mnist import PACKAGED_DIR, load_folder
from mnist_core.data.projection import outermost, principal_components


@pytest.fixture(scope="module")
def test_split():
    return load_folder(PACKAGED_DIR).test


def test_it_is_what_scikit_learn_computes(test_split):
    found = principal_components(test_split, count=500)
    reference = PCA(n_components=2, svd_solver="full")
    expected = reference.fit_transform(test_split.images[found.indices].reshape(500, 784) / 255)
    signs = np.sign((expected * found.positions).sum(axis=0))
    assert np.allclose(found.positions, expected * signs, atol=1e-4)
    assert np.allclose(found.variance_shares, reference.explained_variance_ratio_, atol=1e-6)


def test_the_sample_is_drawn_once_without_repetition(test_split):
    found, again, other = (principal_components(test_split, 300, seed) for seed in (1, 1, 2))
    assert len(set(found.indices.tolist())) == 300
    assert np.array_equal(found.labels, test_split.labels[found.indices])
    assert np.array_equal(found.positions, again.positions)
    assert not np.array_equal(found.indices, other.indices)


def test_a_small_split_is_drawn_whole():
    images = np.zeros((4, 28, 28), np.uint8)
    images[:, 0, 0] = (0, 0, 255, 255)
    found = principal_components(Split(images, np.arange(4, dtype=np.uint8)), count=3000)
    assert found.indices.tolist() == [0, 1, 2, 3]
    assert np.allclose(found.positions[:, 0], [-0.5, -0.5, 0.5, 0.5])
    assert np.allclose(found.variance_shares, [1, 0], atol=1e-6)


def test_images_without_any_difference_lie_on_one_point():
    found = principal_components(Split(np.full((3, 28, 28), 9, np.uint8), np.zeros(3, np.uint8)))
    assert np.allclose(found.positions, 0, atol=1e-4)
    assert np.allclose(found.variance_shares, 0, atol=1e-6)


def test_the_ends_of_the_directions(test_split):
    found = principal_components(test_split, count=200)
    left, right = outermost(found, "left", 5), outermost(found, "right", 5)
    first = dict(zip(found.indices.tolist(), found.positions[:, 0].tolist(), strict=True))
    assert [first[index] for index in left] == sorted(first.values())[:5]
    assert [first[index] for index in right] == sorted(first.values(), reverse=True)[:5]
    second = dict(zip(found.indices.tolist(), found.positions[:, 1].tolist(), strict=True))
    assert second[outermost(found, "top", 1)[0]] == max(second.values())
    assert second[outermost(found, "bottom", 1)[0]] == min(second.values())
