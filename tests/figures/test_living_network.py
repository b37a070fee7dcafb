"""The picture of the living network: every number in it is the network's."""

import base64
import json

import numpy as np
import pytest

from mnist_core import MLP, load_mnist
from mnist_core.figures.living_network import LINES_FROM_PIXELS, living_network
from mnist_core.lessons.inside import activations

NAMES = [str(digit) for digit in range(10)]


@pytest.mark.parametrize("sizes", [(784, 10), (784, 40, 10), (784, 40, 20, 10)])
def test_units_and_lines_are_the_networks(sizes):
    image, network = load_mnist().test.images[3], MLP(sizes, seed=1)
    picture = living_network(network, image, NAMES, label=0, most_units=8)
    layers = activations(network, image[None])
    assert base64.b64decode(picture["image"]) == image.tobytes()
    assert [layer["size"] for layer in picture["layers"]] == list(sizes[1:])
    for number, (layer, lines) in enumerate(zip(picture["layers"], picture["lines"], strict=True)):
        assert np.array_equal(layer["values"], layers[number + 1][0, layer["units"]].astype(float))
        before = picture["layers"][number - 1]["units"] if number else range(784)
        for start, end, weight, product in lines:
            assert weight == network.kernels[number][before[start], layer["units"][end]]
            assert product == pytest.approx(weight * layers[number][0, before[start]], rel=1e-6)
    assert len(picture["lines"][0]) == LINES_FROM_PIXELS * len(picture["layers"][0]["units"])


def test_it_is_small_enough_to_be_sent_at_each_update():
    picture = living_network(MLP((784, 1024, 512, 10)), load_mnist().test.images[0], NAMES)
    assert len(json.dumps(picture)) < 60_000
    assert [len(layer["units"]) for layer in picture["layers"]] == [14, 14, 10]
