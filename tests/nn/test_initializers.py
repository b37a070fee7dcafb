"""Initial kernels have the distributions their papers ask for."""

import numpy as np
import pytest

from mnist_core.nn import MLP
from mnist_core.nn.initializers import glorot_uniform, he_normal


def test_he_normal_has_variance_two_over_fan_in():
    kernel = he_normal(784, 500, np.random.default_rng(0))
    assert kernel.mean() == pytest.approx(0, abs=1e-3)
    assert kernel.var() == pytest.approx(2 / 784, rel=0.02)
    assert np.abs(kernel).max() > 4 * kernel.std()  # not truncated


def test_glorot_uniform_fills_its_interval():
    kernel = glorot_uniform(784, 500, np.random.default_rng(0))
    limit = np.sqrt(6 / 1284)
    assert np.abs(kernel).max() == pytest.approx(limit, rel=1e-3)
    assert kernel.var() == pytest.approx(limit**2 / 3, rel=0.02)


def test_zeros_and_biases_are_zero():
    assert not MLP(initializer="zeros").parameters.any()
    assert not any(bias.any() for bias in MLP().biases)


def test_the_same_seed_gives_the_same_network():
    assert np.array_equal(MLP(seed=3).parameters, MLP(seed=3).parameters)
    assert not np.array_equal(MLP(seed=3).parameters, MLP(seed=4).parameters)


def test_unknown_names_are_refused_in_words():
    with pytest.raises(ValueError, match="activation: expected one of relu, tanh, sigmoid, received 'gelu'"):
        MLP(activation="gelu")
    with pytest.raises(ValueError, match="initializer: expected one of he_normal"):
        MLP(initializer="ones")
