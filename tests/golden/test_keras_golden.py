"""Golden comparison: NumPy's cost, gradients and steps against Keras's, from the same weights, on the same batches.

float64 proves that the formulas are the same; float32 that nothing is lost on the way.
"""

import numpy as np
import pytest

from mnist_core import load_mnist
from mnist_core.keras_twin import train_twin
from mnist_core.keras_twin.weights import read_vector, write_vector
from mnist_core.nn import MLP
from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.nn.mlp import as_rows
from mnist_core.nn.optimizers import make_optimizer
from mnist_core.nn.parameters import Parameters
from mnist_core.training import TrainingConfig, train

BATCH, STEPS = 64, 10
OPTIMIZERS = {"sgd": 0.1, "momentum": 0.05, "nesterov": 0.05, "adam": 0.002, "adamw": 0.002}
TOLERANCE = {"float32": 2e-6, "float64": 1e-14}


@pytest.fixture(scope="module")
def dataset():
    return load_mnist()


def batch(dataset, step, dtype):
    rows = slice(step * BATCH, (step + 1) * BATCH)
    return as_rows(dataset.train.images[rows], np.dtype(dtype)), dataset.train.labels[rows].astype(np.intp)


class Numpy:
    """Steps of the NumPy network, taken apart."""

    def __init__(self, config):
        self.config = config
        self.network = MLP(config.layer_sizes, config.activation, config.initializer, 3, config.dtype)
        self.gradient = Parameters(config.layer_sizes, config.dtype)
        self.optimizer = make_optimizer(config.optimizer, self.network.weights, config.weight_decay, config.momentum)
        self.passes = Backpropagation(
            config.layer_sizes, config.activation, BATCH, config.dtype, config.label_smoothing
        )

    def step(self, x, labels):
        measured = self.passes.run(x, labels, self.network.kernels, self.network.biases, self.gradient)
        gradient = self.gradient.vector.copy()
        self.optimizer.step(self.gradient.vector, self.config.learning_rate)
        return measured, gradient


def assert_same_steps(config, dataset):
    # Not while tests are collected: page tests, which come before, are slower with TensorFlow loaded.
    from mnist_core.keras_twin.backend import tf  # noqa: PLC0415
    from mnist_core.keras_twin.build import build_model  # noqa: PLC0415
    from mnist_core.keras_twin.step import CompiledStep  # noqa: PLC0415

    ours, model = Numpy(config), build_model(config)
    write_vector(ours.network.parameters, model.trainable_variables, config.layer_sizes)
    step = CompiledStep(model, config)
    tolerance = TOLERANCE[config.dtype]
    for number in range(STEPS):
        x, labels = batch(dataset, number, config.dtype)
        theirs, gradients = step(tf.constant(x), tf.constant(labels.astype(np.int32)), config.learning_rate)
        measured, gradient = ours.step(x, labels)
        parts = gradients[::2] + gradients[1::2]
        assert theirs.cost / BATCH == pytest.approx(measured.cost / BATCH, abs=tolerance, rel=tolerance)
        assert theirs.objective / BATCH == pytest.approx(measured.objective / BATCH, abs=tolerance, rel=tolerance)
        assert theirs[2:] == measured[2:]
        np.testing.assert_allclose(np.concatenate([part.numpy().ravel() for part in parts]), gradient, atol=tolerance)
        if number in (0, STEPS - 1):
            vector = read_vector(model.trainable_variables, config.layer_sizes, config.dtype)
            assert np.abs(vector - ours.network.parameters).max() < tolerance


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_ten_steps_are_those_of_keras(dataset, optimizer, dtype):
    config = TrainingConfig(
        hidden_units=(32, 16),
        optimizer=optimizer,
        learning_rate=OPTIMIZERS[optimizer],
        label_smoothing=0.1,
        weight_decay=0.01,
        dtype=dtype,
    )
    assert_same_steps(config, dataset)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_the_other_activations_are_those_of_keras(dataset, activation):
    assert_same_steps(TrainingConfig(hidden_units=(32, 16), activation=activation, dtype="float64"), dataset)


def test_a_network_without_hidden_layers_is_that_of_keras(dataset):
    assert_same_steps(TrainingConfig(hidden_units=(), optimizer="sgd", momentum=0.5, dtype="float64"), dataset)


def largest_difference(config, dataset, epochs):
    ours, twin = train(config, dataset), train_twin(config, dataset)
    for _ in range(epochs):
        result, twins = next(ours), next(twin)
        assert twins.epoch == result.epoch
        assert twins.learning_rate == result.learning_rate
        assert twins.dead_shares == result.dead_shares
        assert twins.cost == pytest.approx(result.cost, rel=1e-4)
        assert (twins.objective is None) == (result.objective is None)
        assert (twins.objective or 0) == pytest.approx(result.objective or 0, rel=1e-4)
        assert twins.gradient_norms == pytest.approx(result.gradient_norms, rel=1e-3)
    return np.abs(ours.network.parameters - twin.network.parameters).max()


def test_the_classic_recipe_stays_together_in_float32(dataset):
    assert largest_difference(TrainingConfig(), dataset, 10) < 1e-5


def test_the_classic_recipe_stays_together_in_float64(dataset):
    assert largest_difference(TrainingConfig(dtype="float64", train_size=20_000), dataset, 10) < 1e-10


def test_an_epoch_of_adam_in_small_batches_stays_together(dataset):
    config = TrainingConfig(optimizer="adam", learning_rate=0.001, batch_size=128)
    assert largest_difference(config, dataset, 1) < 1e-3


def test_distortions_averages_schedules_and_a_smaller_last_batch_stay_together(dataset):
    config = TrainingConfig(
        hidden_units=(32,),
        epochs=2,
        optimizer="nesterov",
        learning_rate=0.05,
        schedule="one_cycle",
        weight_decay=0.001,
        batch_size=300,
        augmentation="elastic",
        ema=0.9,
        train_size=1000,
        validation_size=500,
        label_smoothing=0.1,
        dtype="float64",
    )
    assert largest_difference(config, dataset, 2) < 1e-10
