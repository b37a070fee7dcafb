"""The packaged network is what its record says."""

import json
from pathlib import Path

import numpy as np
import pytest

import mnist_core
from mnist_core.data.mnist import load_mnist
from mnist_core.evaluation import packaging
from mnist_core.evaluation.calibration import at_temperature, expected_calibration_error, reliability
from mnist_core.evaluation.intervals import wilson_interval
from mnist_core.evaluation.predictions import Predictions
from mnist_core.training import TrainingConfig
from mnist_core.training.packaged_model import packaged_model

RECORD = json.loads((Path(mnist_core.__file__).parent / "training" / "packaged" / "modern.json").read_text())


def test_accuracy_and_interval_are_as_recorded():
    model, dataset = packaged_model(), load_mnist()
    correct = int((model.network.predict(dataset.test.images) == dataset.test.labels).sum())
    # Another machine may round a tie between two digits the other way.
    assert abs(correct - RECORD["test_correct"]) <= 2
    assert model.test_accuracy == RECORD["test_correct"] / 10_000
    assert model.test_interval == pytest.approx(wilson_interval(RECORD["test_correct"], 10_000))
    assert dataset.fingerprint == RECORD["dataset_fingerprint"]


def test_its_temperature_makes_it_as_sure_as_it_is_right():
    """A check, not a choice: the temperature was found on held-out training images of other networks."""
    model, test = packaged_model(), load_mnist().test
    raw = Predictions(model.network.logits(test.images).astype(float), test.labels)
    errors = [
        expected_calibration_error(reliability(at_temperature(raw, temperature)))
        for temperature in (1.0, model.temperature)
    ]
    assert errors[0] > 0.05
    assert errors[1] < 0.01


def test_its_temperature_was_fitted_and_not_typed():
    assert RECORD["temperature"] == pytest.approx(np.mean(RECORD["temperatures"]))
    assert len(RECORD["temperatures"]) == packaging.NETWORKS


def test_it_carries_its_origin():
    origin, dataset = packaged_model().network.origin, load_mnist()
    assert TrainingConfig(**origin.config) == TrainingConfig.preset("modern")
    assert (origin.dataset_name, origin.dataset_fingerprint) == ("MNIST", dataset.fingerprint)
    assert (origin.status, origin.epochs_done) == ("finished", 5)


def test_the_command_makes_a_network_that_the_app_can_load(tmp_path):
    config = TrainingConfig.preset("modern").model_copy(update={"hidden_units": (16,), "epochs": 1, "train_size": 5000})
    record = packaging.package(config, load_mnist(), tmp_path, networks=2, held=2000)
    model = packaged_model(tmp_path)
    assert model.network.layer_sizes == (784, 16, 10)
    assert model.test_accuracy == record["test_correct"] / 10_000
    assert model.temperature == np.mean(record["temperatures"])
    assert 0.05 < model.temperature < 1  # smoothed labels make a network less sure than it is right


def test_it_was_made_by_todays_recipe():
    config = TrainingConfig.preset("modern")
    assert TrainingConfig(**RECORD["config"]) == config
    assert packaged_model().network.layer_sizes == config.layer_sizes
    assert RECORD["command"] == packaging.COMMAND
