"""Each field of the config gets a widget that can show every value it may have."""

import pytest
from pydantic import Field
from pydantic.fields import FieldInfo

from mnist_core.training import TrainingConfig
from pages.shared.controls import as_shown, control_of, controls, groups, positions

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
    assert as_shown(control.field, TrainingConfig.model_fields[control.field].default) in control.options


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
    assert as_shown("hidden_units", (128, 64)) == "128-64"
    assert as_shown("batch_size", None) == "full"


def new_field(annotation, default, **bounds):
    about = {"group": "Advanced", "label": "New", "step": 1.0, "log": False, "none": "off"} | bounds.pop("about", {})
    field = FieldInfo.from_annotated_attribute(annotation, Field(default, json_schema_extra=about, **bounds))
    return control_of("new", field)


def test_a_new_field_gets_its_widget_from_its_type_alone():
    assert new_field(bool, False).kind == "switch"
    clip = new_field(float | None, None, gt=0, le=10, about={"log": True})
    assert (clip.kind, clip.free, clip.options[:2], clip.options[-1]) == ("choice", True, ("off", 1e-5), 10.0)
    patience = new_field(int | None, None, ge=1, le=100)
    assert (patience.kind, patience.options[:3], patience.options[-1]) == ("choice", ("off", 1, 2), 100)
    assert type(patience.options[1]) is int
    noise = new_field(float, 0.0, ge=0, le=0.5, about={"step": 0.1})
    assert (noise.kind, noise.options) == ("slider", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5))
