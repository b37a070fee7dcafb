"""A config as short text and back: only what differs from the defaults, as in a permalink's query string."""

from collections.abc import Mapping

from mnist_core.training.config import NONE_WORD, TrainingConfig, none_word


def to_query(config: TrainingConfig) -> dict[str, str]:
    """Return the fields of `config` that differ from the defaults, as text that `from_query` understands."""
    default = TrainingConfig()
    changed = [name for name in TrainingConfig.model_fields if getattr(config, name) != getattr(default, name)]
    return {name: text_of(config, name) for name in changed}


def text_of(config: TrainingConfig, name: str) -> str:
    """Return a field's value as the text that `from_query` understands."""
    value = getattr(config, name)
    if value is None:
        return none_word(name)
    if isinstance(value, tuple):
        return "-".join(str(units) for units in value) or NONE_WORD
    return str(value)


def words_of(config: TrainingConfig, name: str) -> str:
    """Return a field's value as people read it: 20,000 and 100 for 20000 and 100.0. A seed stays as it is."""
    value = getattr(config, name)
    is_amount = isinstance(value, int | float) and name != "seed"
    return f"{value:,}".removesuffix(".0") if is_amount else text_of(config, name)


def from_query(query: Mapping[str, str]) -> TrainingConfig:
    """Return the config that a query string describes; fields it does not name have their defaults.

    Raises
    ------
    pydantic.ValidationError
        A value is out of bounds or of the wrong type, or a name is not a field. `config.explain` puts it into words.
    """
    return TrainingConfig.model_validate(dict(query))
