"""The derivative by the input is what a small change of a pixel does, for every activation and depth."""

import numpy as np
import pytest

from mnist_core.nn import MLP
from mnist_core.nn.saliency import hidden_activations, input_gradient


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("layers", [(784, 10), (784, 12, 10), (784, 9, 7, 10)])
def test_it_equals_central_differences(layers, activation):
    rng = np.random.default_rng(5)
    network = MLP(layers, activation, seed=rng, dtype="float64")
    images, d_logits = rng.uniform(0.2, 0.8, (3, 784)), rng.standard_normal((3, 10))
    gradient = input_gradient(network, images, d_logits)
    assert gradient.shape == (3, 784)
    for row, pixel in [(0, 0), (1, 400), (2, 783)]:
        change = np.zeros_like(images)
        change[row, pixel] = 1e-6
        above, below = (float((network.logits(images + sign * change) * d_logits).sum()) for sign in (1, -1))
        assert gradient[row, pixel] == pytest.approx((above - below) / 2e-6, rel=1e-5, abs=1e-8)


def test_activations_are_those_of_the_forward_pass():
    network = MLP((784, 6, 5, 10), seed=1)
    images = np.random.default_rng(2).random((4, 784), np.float32)
    first, second = hidden_activations(network, images)
    assert np.allclose(first, np.maximum(images @ network.kernels[0] + network.biases[0], 0), atol=1e-6)
    assert np.allclose(second @ network.kernels[2] + network.biases[2], network.logits(images), atol=1e-5)
    assert hidden_activations(MLP((784, 10)), images) == []
