"""Backpropagation against central differences, in float64; and proof that this test sees a broken backward pass."""

import numpy as np
import pytest

from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.nn.gradient_check import central_difference, check_gradient
from mnist_core.nn.losses import softmax_cross_entropy
from mnist_core.nn.parameters import Parameters

SIZES = (7, 6, 5, 4)
ROWS = 9
TOLERANCE = 1e-6


class Case:
    """A small random network with a batch, in float64, no weighted sum within 1e-3 of ReLU's kink."""

    def __init__(self, activation="relu", sizes=SIZES, seed=0, passes=Backpropagation, **options):
        rng = np.random.default_rng(seed)
        self.sizes = sizes
        self.weights = Parameters(sizes, "float64")
        self.pass_ = passes(sizes, activation, ROWS, "float64", **options)
        while True:
            self.weights.vector[:] = rng.normal(0, 0.7, self.weights.vector.shape)
            self.x = rng.normal(size=(ROWS, sizes[0]))
            self.labels = rng.integers(0, sizes[-1], ROWS)
            self.forward()
            if all(np.abs(z).min() > 1e-3 for z in self.pass_.z[:-1]):
                break
        self.upstream = rng.normal(size=(ROWS, sizes[-1]))
        self.gradient = Parameters(sizes, "float64")

    def forward(self):
        rng = np.random.default_rng(1) if self.pass_.dropout else None
        self.pass_.forward(self.x, self.weights.kernels, self.weights.biases, rng)

    def weighted_output(self):
        self.forward()
        return float((self.pass_.z[-1] * self.upstream).sum())

    def objective(self):
        self.forward()
        out = np.empty_like(self.pass_.z[-1])
        measured = softmax_cross_entropy(self.pass_.z[-1], self.labels, self.pass_.label_smoothing, ROWS, out)
        return measured.objective / ROWS

    def backward_from(self, d_logits):
        self.forward()
        self.pass_.d_z[-1][:] = d_logits
        self.pass_.backward(self.x, self.weights.kernels, self.gradient)

    def worst_error(self, function):
        """Return the largest relative error of any kernel's or bias's gradient, as a whole array."""
        checks = check_gradient(function, self.weights.vector, self.gradient.vector, range(self.weights.vector.size))
        numeric = Parameters(self.sizes, "float64")
        numeric.vector[:] = [check.numeric for check in checks]
        pairs = zip(numeric.kernels + numeric.biases, self.gradient.kernels + self.gradient.biases, strict=True)
        return max(np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b)) for a, b in pairs)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("sizes", [(7, 4), (7, 6, 4), SIZES, (7, 6, 6, 5, 4)])
def test_every_kernel_and_bias_with_a_random_upstream_gradient(activation, sizes):
    case = Case(activation, sizes)
    case.backward_from(case.upstream)
    assert case.worst_error(case.weighted_output) < TOLERANCE


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_every_pixel_of_the_input(activation):
    case = Case(activation)
    case.backward_from(case.upstream)
    analytic = (case.pass_.d_z[0] @ case.weights.kernels[0].T).ravel()
    numeric = [central_difference(case.weighted_output, case.x.reshape(-1), i) for i in range(case.x.size)]
    assert np.allclose(analytic, numeric, rtol=TOLERANCE, atol=1e-8)


@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.1}, {"dropout": 0.4}])
def test_the_objective_by_every_parameter(options):
    case = Case(seed=3, **options)
    rng = np.random.default_rng(1)
    case.pass_.run(case.x, case.labels, case.weights.kernels, case.weights.biases, case.gradient, rng=rng)
    assert case.worst_error(case.objective) < TOLERANCE


class ForgetsActivation(Backpropagation):
    """A mutant whose backward pass skips the derivative of the activation."""

    def backward(self, x, kernels, gradient):
        inputs = [x, *self.h]
        for layer in reversed(range(len(kernels))):
            gradient.kernels[layer][:] = inputs[layer].T @ self.d_z[layer]
            gradient.biases[layer][:] = self.d_z[layer].sum(axis=0)
            if layer:
                self.d_z[layer - 1][:] = self.d_z[layer] @ kernels[layer].T


class HalvesBias(Backpropagation):
    """A mutant with half of the bias gradient."""

    def backward(self, x, kernels, gradient):
        super().backward(x, kernels, gradient)
        for bias in gradient.biases:
            np.multiply(bias, 0.5, out=bias)


@pytest.mark.parametrize("mutant", [ForgetsActivation, HalvesBias])
def test_a_broken_backward_pass_is_seen(mutant):
    case = Case(passes=mutant)
    case.backward_from(case.upstream)
    assert case.worst_error(case.weighted_output) > 1e-2


def test_central_differences_refuse_float32():
    with pytest.raises(ValueError, match="expected float64, received float32"):
        central_difference(lambda: 0.0, np.zeros(3, np.float32), 0)
