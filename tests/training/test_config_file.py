"""A recipe as a file."""

import pytest
from pydantic import ValidationError

from mnist_core.errors import ConfigFileError
from mnist_core.training import TrainingConfig
from mnist_core.training.config_file import MAX_BYTES, read_config, write_config
from mnist_core.training.presets import PRESETS


@pytest.mark.parametrize("preset", PRESETS)
def test_a_recipe_survives_the_file(preset):
    config = TrainingConfig.preset(preset)
    assert read_config(write_config(config).encode()) == config


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff\xfe", b"[" * 5000, b" " * (MAX_BYTES + 1), b"9" * 5000])
def test_what_is_no_recipe_is_refused_in_words(content):
    with pytest.raises(ConfigFileError, match="The recipe: expected"):
        read_config(content)


@pytest.mark.parametrize("content", [b'{"epochs": 0}', b'{"speed": 3}', b'{"learning_rate": NaN}'])
def test_a_setting_that_cannot_be_is_refused(content):
    with pytest.raises(ValidationError):
        read_config(content)
