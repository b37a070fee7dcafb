"""Each field of the config gets a widget that can show every value it may have."""

import pytest

from mnist_core.training import TrainingConfig
from pages.shared.controls import as_shown, controls, groups, positions

BY_FIELD = {control.field: control for control in controls()}


def test_every_field_has_exactly_one_control_with_its_own_help():
    assert list(BY_FIELD) == list(TrainingConfig.model_fields)
    assert BY_FIELD["dropout"].help == TrainingConfig.model_fields["dropout"].description
    assert list(groups()) == ["Network", "Training", "Advanced", "Data"]


@pytest.mark.parametrize("control", [c for c in controls() if c.kind in ("slider", "choice")], ids=lambda c: c.field)
def test_every_option_is_allowed_and_the_default_is_among_them(control):
    usual = {"optimizer": "momentum"} if control.field == "momentum" else {}
    for option in control.options:
        if control.field == "momentum" and option == 0:
            continue
        TrainingConfig.model_validate({**usual, control.field: option})
    assert as_shown(TrainingConfig.model_fields[control.field].default) in control.options


def test_bounds_that_are_excluded_are_no_options():
    assert min(BY_FIELD["learning_rate"].options) == 1e-5
    assert BY_FIELD["learning_rate"].options[-1] == 100
    assert max(BY_FIELD["momentum"].options) == 0.99
    assert BY_FIELD["weight_decay"].options[0] == 0
    assert BY_FIELD["ema"].high == 0.999
    assert BY_FIELD["train_size"].options[:3] == (1, 1000, 2000)


def test_a_value_off_the_grid_is_put_in_its_place():
    options = positions(BY_FIELD["learning_rate"], 0.0123)
    assert options[options.index(0.0123) - 1] == 0.01
    assert options[options.index(0.0123) + 1] == 0.015
    assert positions(BY_FIELD["batch_size"], "96")[-1] == "96"


def test_layers_and_full_batches_are_shown_as_text():
    assert as_shown((128, 64)) == "128-64"
    assert as_shown(None) == "full"
