"""Optimizers on a problem whose steps can be computed by hand, and their states."""

import numpy as np
import pytest

from mnist_core.nn.optimizers import Adam, AdamW, GradientDescent, Momentum, Nesterov, make_optimizer
from mnist_core.nn.parameters import Parameters

GRADIENT = np.array([0.5, -1.0, 2.0, 0.25])  # three kernel numbers and one bias


def one_layer():
    parameters = Parameters((3, 1), "float64")
    parameters.vector[:] = [1.0, 2.0, -3.0, 4.0]
    return parameters


def take_steps(optimizer, count=3, rate=0.1):
    for _ in range(count):
        optimizer.step(GRADIENT.copy(), rate)
    return optimizer.parameters.vector


def test_gradient_descent_follows_the_gradient():
    assert take_steps(GradientDescent(one_layer()), 1) == pytest.approx(one_layer().vector - 0.1 * GRADIENT)


def test_momentum_keeps_a_share_of_the_last_step():
    moved = 0.1 * GRADIENT * (1 + 1.9 + 2.71)  # velocities -r g (1), (1 + 0.9), (1 + 0.9 + 0.81)
    assert take_steps(Momentum(one_layer())) == pytest.approx(one_layer().vector - moved)


def test_nesterov_looks_ahead():
    moved = 0.1 * GRADIENT * (1.9 + 2.71)  # m v + r g after each of two steps
    assert take_steps(Nesterov(one_layer()), 2) == pytest.approx(one_layer().vector - moved)


def test_adam_moves_every_number_by_the_learning_rate_when_the_gradient_is_constant():
    moved = one_layer().vector - take_steps(Adam(one_layer()), 5)
    assert moved == pytest.approx(0.5 * np.sign(GRADIENT), rel=1e-4)


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "adam"])
def test_weight_decay_is_the_gradient_of_a_penalty_on_the_kernels(name):
    with_decay = make_optimizer(name, one_layer(), 0.01, 0.9)
    with_decay.step(GRADIENT.copy(), 0.1)
    by_hand = make_optimizer(name, one_layer(), 0.0, 0.9)
    by_hand.step(GRADIENT + 0.01 * np.array([1.0, 2.0, -3.0, 0.0]), 0.1)
    assert with_decay.parameters.vector == pytest.approx(by_hand.parameters.vector, rel=1e-12)


def test_adamw_shrinks_kernels_apart_from_the_gradient():
    shrunk = one_layer()
    shrunk.vector[:3] *= 1 - 0.1 * 0.01
    plain = Adam(shrunk)
    plain.step(GRADIENT.copy(), 0.1)
    assert take_steps(AdamW(one_layer(), 0.01), 1) == pytest.approx(plain.parameters.vector, rel=1e-12)


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "adam", "adamw"])
def test_a_restored_optimizer_continues_bit_for_bit(name):
    straight = make_optimizer(name, one_layer(), 0.01, 0.0 if name == "sgd" else 0.9)
    take_steps(straight, 2)
    resumed = make_optimizer(name, one_layer(), 0.01, 0.0 if name == "sgd" else 0.9)
    resumed.parameters.vector[:] = straight.parameters.vector
    resumed.restore({key: array.copy() for key, array in straight.state.items()})
    assert np.array_equal(take_steps(resumed, 3), take_steps(straight, 3))


def test_sgd_with_momentum_is_momentum():
    assert type(make_optimizer("sgd", one_layer(), 0.0, 0.9)) is Momentum
    assert type(make_optimizer("sgd", one_layer(), 0.0, 0.0)) is GradientDescent


def test_pieces_of_the_vector_do_not_change_adam():
    rng = np.random.default_rng(0)
    large = Parameters((300, 200), "float64")  # more than one piece
    gradient = rng.choice([-1, 1], large.vector.size) * rng.uniform(1, 2, large.vector.size)
    Adam(large).step(gradient.copy(), 0.1)
    assert large.vector == pytest.approx(-0.1 * np.sign(gradient), rel=1e-3)
