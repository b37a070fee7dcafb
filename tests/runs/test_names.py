"""What a recipe is called."""

import pytest

from mnist_core.runs.names import recipe_name
from mnist_core.training import TrainingConfig


@pytest.mark.parametrize(
    ("preset", "changes", "name"),
    [
        ("classic", {}, "classic"),
        ("fast", {"seed": 7, "validation_size": 5000}, "fast"),
        ("fast", {"learning_rate": 0.3}, "fast, learning rate 0.3"),
        ("modern", {"hidden_units": (32,), "epochs": 2}, "modern, hidden units 32, epochs 2"),
        ("fast", {"learning_rate": 100.0, "train_size": 20_000}, "fast, learning rate 100, training images 20,000"),
        ("classic", {"learning_rate": 0.00001}, "classic, learning rate 1e-05"),
        ("best", {"epochs": 1, "ema": 0.0, "dropout": 0.5, "activation": "tanh"}, "best, 4 settings changed"),
    ],
)
def test_a_recipe_is_named_by_what_differs_from_the_nearest_preset(preset, changes, name):
    assert recipe_name(TrainingConfig.preset(preset).model_copy(update=changes)) == name
