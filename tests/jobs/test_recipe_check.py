"""What a form says of wrong values: at the field, in its words, with the limits of this server."""

import pytest

from mnist_core.jobs.recipe_check import check_recipe, expectation
from mnist_core.settings import Settings
from mnist_core.training import TrainingConfig

LIMITS = Settings(max_epochs=500, max_hidden_units=300, max_hidden_layers=2)
EPOCHS = "Epochs: a whole number from 1 to 500, such as 1000."


@pytest.mark.parametrize("epochs", [0, -3, None, "", 1.5, 10**30, "many"])
def test_a_wrong_number_is_explained_with_the_servers_own_limit(epochs):
    assert check_recipe({"epochs": epochs}, LIMITS) == (None, {"epochs": EPOCHS})


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"hidden_units": "128-many"}, "hidden_units", "Hidden units: whole numbers from 1 to 300, such as 128-64"),
        ({"hidden_units": "301"}, "hidden_units", "at most 300 in a layer allowed here, received 301"),
        ({"hidden_units": "8-8-8"}, "hidden_units", "Hidden layers: at most 2 allowed here, received 3"),
        ({"epochs": 501}, "epochs", "Epochs: at most 500 allowed here, received 501"),
        ({"learning_rate": 0}, "learning_rate", "Learning rate: a number above 0, at most 100, such as 0.1."),
        ({"batch_size": "half"}, "batch_size", "Batch size: a whole number from 1 to 60,000, or full."),
        ({"optimizer": "adam", "momentum": 0.5}, "momentum", "Momentum: expected 0 with optimizer 'adam'"),
        ({"activation": "step"}, "activation", "Activation: one of relu, tanh, sigmoid."),
    ],
)
def test_each_problem_stands_at_its_field(values, field, words):
    config, problems = check_recipe({"epochs": 5} | values, LIMITS)
    assert config is None
    assert list(problems) == [field]
    assert words in problems[field]


def test_two_wrong_fields_are_both_named():
    assert set(check_recipe({"epochs": 0, "dropout": 2}, LIMITS)[1]) == {"epochs", "dropout"}


def test_a_right_recipe_has_no_problems():
    config, problems = check_recipe({"epochs": 5, "batch_size": "full", "hidden_units": "16-8"}, LIMITS)
    assert (config, problems) == (TrainingConfig(epochs=5, hidden_units=(16, 8)), {})


@pytest.mark.parametrize("name", TrainingConfig.model_fields)
def test_every_field_can_be_explained(name):
    assert expectation(name, LIMITS).endswith(".")
