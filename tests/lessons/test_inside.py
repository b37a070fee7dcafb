"""What goes on inside a network: the numbers of the tested forward pass, and their parts."""

import numpy as np
import pytest

from mnist_core import MLP, TrainingConfig, load_mnist
from mnist_core.lessons.inside import activations, images_to_excite, most_exciting, strongest_units, unit_sum


@pytest.fixture(scope="module")
def images():
    return load_mnist().train.images[:40]


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("sizes", [(784, 10), (784, 12, 10), (784, 12, 8, 10)])
def test_a_units_sum_is_that_of_the_forward_pass(images, activation, sizes):
    network = MLP(sizes, activation, seed=3)
    layers = activations(network, images)
    assert [layer.shape for layer in layers] == [(40, size) for size in sizes]
    assert np.array_equal(layers[-1], network.predict_proba(images))
    last = len(sizes) - 1
    part = unit_sum(network, layers, last, 7)
    assert part.z == pytest.approx(network.logits(images[:1])[0, 7], rel=1e-6, abs=1e-6)
    assert part.products.sum() + part.bias == pytest.approx(part.z, rel=1e-5, abs=1e-6)
    assert part.answer == layers[-1][0, 7]


def test_the_strongest_units_are_those_that_move_the_next_layer_most(images):
    network = MLP((784, 12, 8, 10), seed=3)
    layers = activations(network, images)
    first, second = strongest_units(network, layers, 5)
    effect = np.abs(layers[1][0]) * np.linalg.norm(network.kernels[1], axis=1)
    assert set(first) == set(np.argsort(-effect)[:5])
    assert list(first) == sorted(first)
    assert len(second) == 5


def test_the_most_exciting_images_come_first(images):
    layers = activations(MLP((784, 12, 10), seed=3), images)
    found = most_exciting(layers, 1, 4, 6)
    assert list(layers[1][found, 4]) == sorted(layers[1][:, 4], reverse=True)[:6]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (TrainingConfig(validation_size=500), "500 images that the network has not learnt from"),
        (TrainingConfig(train_size=100), "10,000 images that the network has not learnt from"),
        (TrainingConfig(), "10,000 training images"),
        (None, "10,000 training images"),
    ],
)
def test_it_is_said_whether_the_exciting_images_were_learnt(config, words):
    train = load_mnist().train
    images, said = images_to_excite(config, load_mnist())
    assert said == words
    assert np.array_equal(images.images[-1], train.images[-1])
