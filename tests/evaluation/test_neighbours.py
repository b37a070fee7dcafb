import numpy as np
import pytest

from mnist_core.data import Split
from mnist_core.evaluation.neighbours import NearestImages


@pytest.fixture(scope="module")
def some(dataset):
    return Split(dataset.train.images[:3000], dataset.train.labels[:3000])


def test_the_nearest_images_are_those_of_a_full_sort(some, dataset):
    nearest = NearestImages(some)
    for image in dataset.test.images[:5]:
        distances = np.linalg.norm((some.images.astype(float) - image).reshape(3000, -1) / 255, axis=1)
        indices, found = nearest.find(image, 6)
        assert indices.tolist() == np.argsort(distances)[:6].tolist()
        assert found == pytest.approx(np.sort(distances)[:6], rel=1e-4)


def test_an_image_of_the_split_is_its_own_nearest(some):
    indices, distances = NearestImages(some).find(some.images[77], 1)
    assert indices.tolist() == [77]
    assert distances[0] == pytest.approx(0, abs=0.01)


def test_no_more_are_returned_than_there_are(some):
    few = NearestImages(Split(some.images[:3], some.labels[:3]))
    assert sorted(few.find(some.images[9] / 255, 5)[0]) == [0, 1, 2]
