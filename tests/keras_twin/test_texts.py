"""The program to copy does what the NumPy network does."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_core.data.classes import Classes
from mnist_core.data.mnist import load_folder
from mnist_core.keras_twin import keras_code
from mnist_core.keras_twin.code_text import data_code, model_code
from mnist_core.keras_twin.weights import read_vector, write_vector
from mnist_core.nn import MLP
from mnist_core.training import TrainingConfig, train
from mnist_core.training.split import split_training
from mnist_core.training.streams import stream
from tests.keras_twin.lazy import keras

RECIPES = [
    {"optimizer": "sgd", "weight_decay": 0.01, "activation": "tanh"},
    {"optimizer": "nesterov", "momentum": 0.8, "schedule": "cosine", "label_smoothing": 0.1, "label_noise": 0.5},
    {"optimizer": "adamw", "weight_decay": 0.02, "schedule": "one_cycle", "learning_rate": 0.001},
]


@pytest.fixture(autouse=True)
def packaged_images(dataset, monkeypatch):
    """Give Keras the packaged MNIST, which it would otherwise download, and its own settings back afterwards."""
    pairs = tuple((split.images, split.labels) for split in (dataset.train, dataset.test))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: pairs)
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe["optimizer"])
def test_the_program_takes_the_steps_of_the_numpy_network(dataset, recipe):
    config = TrainingConfig(hidden_units=(16,), train_size=64, epochs=3, **recipe)
    scope = {"keras": keras, "np": np, "ops": keras.ops}
    exec(data_code(config, dataset) + "\n" + model_code(config), scope)
    ours, model = train(config, dataset), scope["model"]
    first = MLP(config.layer_sizes, config.activation, config.initializer, stream(config.seed, "weights"))
    write_vector(first.parameters, model.trainable_variables, config.layer_sizes)
    for _ in ours:
        model.train_on_batch(scope["x_train"], scope["y_train"])
    theirs = read_vector(model.trainable_variables, config.layer_sizes, "float32")
    assert np.abs(theirs - first.parameters).max() > 1e-4
    assert np.abs(theirs - ours.network.parameters).max() < 1e-5


def test_the_whole_program_runs_and_learns(dataset, capsys):
    config = TrainingConfig(
        hidden_units=(32,), epochs=2, batch_size=32, learning_rate=0.1, train_size=4000, validation_size=500, seed=3
    )
    scope = {}
    exec(keras_code(config, dataset), scope)
    assert scope["x_train"].shape == (4000, 784)
    assert scope["x_validation"].shape == (500, 784)
    assert 0.8 < scope["accuracy"] < 0.95
    assert f"Test accuracy: {scope['accuracy']:.2%}" in capsys.readouterr().out


def test_the_program_trains_on_the_same_images(dataset):
    config = TrainingConfig(train_size=100, validation_size=1000, seed=7, label_noise=0.2)
    scope = {"keras": keras, "np": np}
    exec(data_code(config, dataset), scope)
    split, held_out = split_training(config, dataset)
    assert (scope["x_train"] == split.images.reshape(-1, 784).astype("float32") / 255).all()
    assert (scope["y_train"] == split.labels).all()
    assert (scope["y_validation"] == held_out.labels).all()


def test_the_program_loads_the_data_set_that_the_app_has(fashion_dir):
    fashion = load_folder(fashion_dir)
    assert "keras.datasets.fashion_mnist.load_data()" in keras_code(TrainingConfig(), fashion)
    other = replace(fashion, named=Classes(tuple("abcdefghij")))
    scope = {"keras": keras}
    exec(keras_code(TrainingConfig(), other).split("model = keras.Sequential")[0], scope)
    assert (scope["x_train"] == fashion.train.images.reshape(-1, 784).astype("float32") / 255).all()
    assert (scope["y_train"] == fashion.train.labels).all()
    assert (scope["test_labels"] == fashion.test.labels).all()


def test_what_the_program_cannot_do_is_said_in_it(dataset):
    code = keras_code(TrainingConfig(augmentation="elastic", ema=0.9, weight_decay=0.1), dataset)
    assert "# Not in this program: the training images distorted again each epoch (elastic)." in code
    assert "# Not in this program: the running average" in code
    assert "includes the weight penalty" in code
