"""A recipe as a file: config.json, which the app and the command line write and read."""

import json

from mnist_core.errors import ConfigFileError
from mnist_core.training.config import TrainingConfig

# A recipe takes less than a kilobyte.
MAX_BYTES = 65_536


def read_config(content: bytes) -> TrainingConfig:
    """Return the recipe that a file holds. Settings that it does not name have their defaults.

    Raises
    ------
    ConfigFileError
        The file is too large or is not a JSON object.
    pydantic.ValidationError
        A setting is unknown, out of bounds or of the wrong type. `config.explain` puts it into words.
    """
    if len(content) > MAX_BYTES:
        raise ConfigFileError(f"The recipe: expected a file of at most {MAX_BYTES:,} bytes, received {len(content):,}.")
    try:
        settings = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ConfigFileError("The recipe: expected a JSON file such as config.json from this app.") from error
    if not isinstance(settings, dict):
        raise ConfigFileError('The recipe: expected a JSON object of settings, such as {"epochs": 20}.')
    return TrainingConfig.model_validate(settings)


def write_config(config: TrainingConfig) -> str:
    """Return the recipe as the text of a file that `read_config` reads."""
    return json.dumps(config.model_dump(mode="json"), indent=2)
