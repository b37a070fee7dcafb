"""The config: defaults, bounds with their messages, and its ways through text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mnist_core.nn.parameters import MAX_PARAMETERS, count_parameters
from mnist_core.training import TrainingConfig
from mnist_core.training.config import explain
from mnist_core.training.presets import DESCRIPTIONS, PRESETS
from mnist_core.training.query import from_query, to_query


def test_the_defaults_are_the_published_recipe():
    config = TrainingConfig()
    assert config == TrainingConfig.preset("classic")
    assert (config.layer_sizes, config.activation, config.initializer) == ((784, 128, 64, 10), "relu", "he_normal")
    assert (config.epochs, config.learning_rate, config.batch_size, config.optimizer) == (1000, 0.1, None, "sgd")
    assert (config.train_size, config.validation_size, config.seed, config.dtype) == (60_000, 0, 0, "float32")


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_valid_and_described(name):
    assert TrainingConfig.preset(name).seed == 0
    assert DESCRIPTIONS[name]


def test_an_unknown_preset_is_named():
    with pytest.raises(ValueError, match="expected one of classic, fast, modern, best, received 'turbo'"):
        TrainingConfig.preset("turbo")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"epochs": 0}, ["epochs", "greater than or equal to 1", "received 0"]),
        ({"learning_rate": 101}, ["learning_rate", "less than or equal to 100", "received 101"]),
        ({"learning_rate": float("nan")}, ["learning_rate", "finite", "received nan"]),
        ({"batch_size": -4}, ["batch_size", "greater than or equal to 1", "received -4"]),
        ({"hidden_units": (128, 0)}, ["hidden_units.1", "greater than or equal to 1", "received 0"]),
        ({"hidden_units": (1,) * 17}, ["hidden_units", "at most 16 items"]),
        ({"activation": "gelu"}, ["activation", "'relu', 'tanh' or 'sigmoid'", "received 'gelu'"]),
        ({"dropout": 1}, ["dropout", "less than or equal to 0.9", "received 1"]),
        ({"optimizer": "momentum", "momentum": 0}, ["momentum", "more than 0", "received 0"]),
        ({"optimizer": "adam", "momentum": 0.5}, ["momentum", "expected 0", "received 0.5"]),
        ({"learnin_rate": 1}, ["learnin_rate", "expected one of hidden_units, activation", "received 1"]),
    ],
)
def test_errors_name_field_bound_and_value(values, words):
    with pytest.raises(ValidationError) as caught:
        TrainingConfig(**values)
    message = explain(caught.value)
    assert all(word in message for word in words), message


def test_momentum_optimizers_get_the_usual_momentum():
    assert TrainingConfig(optimizer="nesterov").momentum == 0.9
    assert TrainingConfig(optimizer="momentum", momentum=0.5).momentum == 0.5


def test_every_field_tells_the_form_what_it_needs():
    for name, field in TrainingConfig.model_fields.items():
        assert field.description, name
        assert {"group", "label", "step", "log", "none"} == set(field.json_schema_extra), name


def can_be_loaded(hidden_units):
    return count_parameters((784, *hidden_units, 10)) <= MAX_PARAMETERS


configs = st.builds(
    TrainingConfig,
    hidden_units=st.lists(st.integers(1, 8192) | st.integers(1, 100), max_size=16).map(tuple).filter(can_be_loaded),
    activation=st.sampled_from(["relu", "tanh", "sigmoid"]),
    epochs=st.integers(1, 10_000),
    learning_rate=st.floats(0, 100, exclude_min=True),
    batch_size=st.none() | st.integers(1, 60_000),
    optimizer=st.sampled_from(["sgd", "adam", "adamw", "nesterov", "momentum"]),
    weight_decay=st.floats(0, 1),
    dropout=st.floats(0, 0.9),
    ema=st.floats(0, 1, exclude_max=True),
    seed=st.integers(0, 2**32 - 1),
    dtype=st.sampled_from(["float32", "float64"]),
)


@given(configs)
def test_a_config_survives_query_string_and_json(config):
    query = to_query(config)
    assert all(isinstance(value, str) for value in query.values())
    assert from_query(query) == config
    assert TrainingConfig.model_validate_json(config.model_dump_json()) == config


def test_only_differences_are_in_the_query_string():
    assert to_query(TrainingConfig()) == {}
    assert to_query(TrainingConfig(hidden_units=(), batch_size=32)) == {"hidden_units": "none", "batch_size": "32"}
    assert from_query({"batch_size": "full", "hidden_units": "32, 16"}).hidden_units == (32, 16)


@pytest.mark.parametrize(
    "values",
    [
        {"epochs": "9" * 100_000},
        {"seed": "x" * 100_000},
        {"hidden_units": "-".join(["0"] * 50_000)},
        {"hidden_units": ["x" * 1000] * 1000},
        {"y" * 100_000: 1},
        {f"field {number}": 1 for number in range(1000)},
        {"optimizer": {"deep": ["z" * 100_000] * 9}},
    ],
)
def test_problems_are_told_in_bounded_length(values):
    with pytest.raises(ValidationError) as caught:
        TrainingConfig.model_validate(values)
    assert 20 < len(explain(caught.value)) < 6000


def test_a_network_that_could_not_be_loaded_is_no_recipe():
    with pytest.raises(ValidationError) as problem:
        TrainingConfig(hidden_units=(8192,) * 16)
    assert explain(problem.value) == (
        "hidden_units: expected at most 32,000,000 weights and biases in all, received layers with 1,013,268,490. "
        "Use fewer or smaller layers."
    )
    largest = TrainingConfig(hidden_units=(5000, 5000))
    assert count_parameters(largest.layer_sizes) <= MAX_PARAMETERS
