"""The network's shapes, views and predictions, and what it does with images it cannot take."""

import numpy as np
import pytest

from mnist_core.nn import MLP
from mnist_core.nn.parameters import count_parameters

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (1234, 28, 28), dtype=np.uint8)
LABELS = RNG.integers(0, 10, 1234)


def test_parameters_are_counted_as_published():
    assert count_parameters((784, 128, 64, 10)) == 100_480 + 8_256 + 650 == MLP().parameters.size


def test_kernels_and_biases_are_views():
    network = MLP()
    network.parameters[:] = 7
    assert [kernel.shape for kernel in network.kernels] == [(784, 128), (128, 64), (64, 10)]
    assert [bias.shape for bias in network.biases] == [(128,), (64,), (10,)]
    assert all((array == 7).all() for array in [*network.kernels, *network.biases])


@pytest.mark.parametrize("images", [IMAGES, IMAGES.reshape(-1, 784), IMAGES / 255, (IMAGES / 255).astype(np.float32)])
def test_all_forms_of_images_predict_the_same(images):
    network = MLP(seed=1)
    probabilities = network.predict_proba(images)
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert probabilities == pytest.approx(network.predict_proba(IMAGES), abs=1e-6)
    assert np.array_equal(network.predict(images), probabilities.argmax(axis=1))


def test_one_image_and_none():
    network = MLP(seed=1)
    assert network.predict(IMAGES[:1]) == network.predict(IMAGES)[:1]
    assert network.predict(IMAGES[:0]).shape == (0,)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("hidden", [(), (5,), (20, 10), (9, 8, 7, 6)])
def test_prediction_and_training_see_the_same_network(activation, hidden):
    network = MLP((784, *hidden, 10), activation, seed=2, dtype="float64")
    logits = IMAGES.reshape(-1, 784) / 255
    for layer, (kernel, bias) in enumerate(zip(network.kernels, network.biases, strict=True)):
        z = logits @ kernel + bias
        functions = {"relu": lambda v: np.maximum(v, 0), "tanh": np.tanh, "sigmoid": lambda v: 1 / (1 + np.exp(-v))}
        logits = functions[activation](z) if layer < len(hidden) else z
    costs = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(LABELS)), LABELS]
    cost, kernel_gradients, bias_gradients = network.loss_and_gradients(IMAGES, LABELS)
    assert network.logits(IMAGES) == pytest.approx(logits)
    assert cost == pytest.approx(costs.mean())
    assert [g.shape for g in kernel_gradients] == [k.shape for k in network.kernels]
    assert bias_gradients[-1].sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((2, 783)), r"expected shape \(n, 784\) or \(n, height, width\), received \(2, 783\)"),
        (np.zeros(784), "received \\(784,\\)"),
        (np.zeros((2, 784), int), "expected uint8, or floats in \\[0, 1\\], received int64"),
        (np.full((2, 784), 255.0), "received 255 to 255. Divide grey levels by 255"),
        (np.full((2, 784), np.nan), "received nan to nan"),
    ],
)
def test_images_that_do_not_fit_are_refused_in_words(images, message):
    with pytest.raises(ValueError, match=message):
        MLP().predict(images)
