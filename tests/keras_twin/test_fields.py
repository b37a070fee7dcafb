"""No hyperparameter is forgotten by the twin: what it says it does, it does."""

import numpy as np
import pytest

from mnist_core.keras_twin import notes_on, train_twin
from mnist_core.keras_twin.fields import FIELDS
from mnist_core.training import TrainingConfig, train

BASE = {
    "hidden_units": (12, 8),
    "epochs": 2,
    "batch_size": 60,
    "train_size": 300,
    "validation_size": 500,
    "optimizer": "momentum",
    "dtype": "float64",
}
# For each field another value, and what that value needs beside it.
CHANGES = {
    "hidden_units": {"hidden_units": (9,)},
    "activation": {"activation": "tanh"},
    "initializer": {"initializer": "glorot_uniform"},
    "epochs": {"epochs": 3},
    "learning_rate": {"learning_rate": 0.03},
    "batch_size": {"batch_size": 75},
    "optimizer": {"optimizer": "nesterov"},
    "seed": {"seed": 5},
    "schedule": {"schedule": "cosine"},
    "momentum": {"momentum": 0.5},
    "weight_decay": {"weight_decay": 0.05},
    "dropout": {"dropout": 0.3},
    "label_smoothing": {"label_smoothing": 0.2},
    "label_noise": {"label_noise": 0.3},
    "augmentation": {"augmentation": "affine"},
    "ema": {"ema": 0.5},
    "train_size": {"train_size": 240},
    "validation_size": {"validation_size": 400},
    "dtype": {"dtype": "float32"},
}


def trained(config, dataset, start):
    trainer = start(config, dataset, threads=2)
    results = list(trainer)
    return trainer.network.parameters, [result.validation_cost for result in results]


def test_every_field_is_in_the_list():
    assert set(FIELDS) == set(TrainingConfig.model_fields) == set(CHANGES)


@pytest.mark.parametrize("field", CHANGES)
def test_the_twin_follows_the_numpy_run_or_says_that_it_does_not(dataset, field):
    config = TrainingConfig(**(BASE | CHANGES[field]))
    twin, costs = trained(config, dataset, train_twin)
    assert not np.array_equal(twin, trained(TrainingConfig(**BASE), dataset, train)[0])
    ours, expected = trained(config, dataset, train)
    if any(note.startswith("Dropout") for note in notes_on(config)):
        assert np.abs(twin - ours).max() > 1e-3
        return
    assert np.abs(twin - ours).max() < (1e-5 if config.dtype == "float32" else 1e-12)
    assert costs == pytest.approx(expected, rel=1e-5 if config.dtype == "float32" else 1e-12)
