import numpy as np
import pytest

from mnist_core import MLP
from mnist_core.lessons.one_update import compute_update

FUNCTIONS = {
    "relu": (lambda z: z * (z > 0), lambda z: (z > 0) * 1.0),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
}


def textbook(network, image, label, rate):
    """An independent update in float64, one vector at a time: z, a, probabilities, cost, d_z, gradients, cost after."""
    f, slope = FUNCTIONS[network.activation]
    kernels = [np.array(kernel, np.float64) for kernel in network.kernels]
    biases = [np.array(bias, np.float64) for bias in network.biases]
    x = image.reshape(-1) / 255.0

    def forward():
        h, zs = [x], []
        for kernel, bias in zip(kernels, biases, strict=True):
            zs.append(kernel.T.dot(h[-1]) + bias)
            h.append(f(zs[-1]))
        p = np.exp(zs[-1]) / np.exp(zs[-1]).sum()
        return zs, h, p, -np.log(p[label])

    zs, h, p, cost = forward()
    d_z = [p - np.eye(10)[label]]
    for layer in range(len(kernels) - 1, 0, -1):
        d_z.insert(0, kernels[layer].dot(d_z[0]) * slope(zs[layer - 1]))
    gradients = [np.outer(h[layer], d) for layer, d in enumerate(d_z)]
    for layer, d in enumerate(d_z):
        kernels[layer] -= rate * gradients[layer]
        biases[layer] -= rate * d
    return zs, h, p, cost, d_z, gradients, forward()[3], kernels, biases


@pytest.mark.parametrize("index", [0, 7])
def test_every_array_equals_an_independent_float64_computation(network, dataset, index):
    image, label = dataset.train.images[index], int(dataset.train.labels[index])
    update = compute_update(network, image, label, 0.05)
    zs, h, p, cost, d_z, gradients, cost_after, kernels, biases = textbook(network, image, label, 0.05)
    close = {"rtol": 1e-9, "atol": 1e-12}
    for layer in range(update.layers):
        np.testing.assert_allclose(update.z[layer], zs[layer], **close)
        np.testing.assert_allclose(update.d_z[layer], d_z[layer], **close)
        np.testing.assert_allclose(update.inputs(layer), h[layer], **close)
        np.testing.assert_allclose(update.gradient.kernels[layer], gradients[layer], **close)
        np.testing.assert_allclose(update.gradient.biases[layer], d_z[layer], **close)
        np.testing.assert_allclose(update.after.kernels[layer], kernels[layer], **close)
        np.testing.assert_allclose(update.after.biases[layer], biases[layer], **close)
    np.testing.assert_allclose(update.probabilities, p, **close)
    assert update.cost == pytest.approx(cost, rel=1e-9)
    assert update.cost_after == pytest.approx(cost_after, rel=1e-9)
    assert update.cost_after < update.cost


def test_the_cost_after_is_that_of_a_fresh_forward_pass(network, dataset):
    update = compute_update(network, dataset.train.images[3], int(dataset.train.labels[3]), 0.02)
    fresh = MLP.from_parameters(network.layer_sizes, network.activation, update.after.parameters)
    cost, _, _ = fresh.loss_and_gradients(dataset.train.images[3:4], dataset.train.labels[3:4])
    assert update.cost_after == pytest.approx(cost, rel=1e-12)
    assert update.probabilities_after[update.label] == pytest.approx(np.exp(-cost), rel=1e-12)


def test_the_given_network_stays_as_it_is(network, dataset):
    parameters = network.parameters.copy()
    update = compute_update(network, dataset.train.images[0], 5, 1.0)
    assert np.array_equal(network.parameters, parameters)
    assert np.array_equal(update.before.parameters, parameters)
    assert not np.array_equal(update.after.parameters, parameters)


@pytest.mark.parametrize("activation", FUNCTIONS)
def test_slopes_are_the_derivatives_of_the_activation(dataset, activation):
    update = compute_update(MLP((784, 30, 10), activation), dataset.train.images[0], 5, 0.1)
    np.testing.assert_allclose(update.slopes(0), FUNCTIONS[activation][1](update.z[0]), rtol=1e-9, atol=1e-12)
