import pytest

from mnist_core.runs.names import matching_preset
from mnist_core.training import TrainingConfig
from mnist_core.training.fair import HELD_OUT, hold_out
from mnist_core.training.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_keeps_its_name_when_it_holds_images_out(name):
    fair = hold_out(TrainingConfig.preset(name).model_copy(update={"seed": 7}))
    assert matching_preset(fair) == name
    assert fair.validation_size == (0 if name == "classic" else HELD_OUT)


def test_another_number_of_images_is_another_recipe():
    assert matching_preset(TrainingConfig.preset("fast").model_copy(update={"validation_size": 1000})) == ""
    assert matching_preset(TrainingConfig(validation_size=HELD_OUT)) == ""  # the published run held none out
