"""The packaged network is what its record says."""

import json
from pathlib import Path

import pytest

import mnist_core
from mnist_core.data.mnist import load_mnist
from mnist_core.evaluation.intervals import wilson_interval
from mnist_core.nn.calibration import calibrated
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
    raw = model.network.predict_proba(test.images)
    gaps = [
        probabilities.max(axis=1).mean() - model.test_accuracy
        for probabilities in (raw, calibrated(raw, model.temperature))
    ]
    assert gaps[0] < -0.05
    assert abs(gaps[1]) < 0.005


def test_it_was_made_by_todays_recipe():
    config = TrainingConfig.preset("modern")
    assert TrainingConfig(**RECORD["config"]) == config
    assert packaged_model().network.layer_sizes == config.layer_sizes
    assert RECORD["command"] == (
        "python -m mnist_core train --preset modern --output mnist_core/training/packaged/modern.npz"
    )
