"""What is wrong with each field of a recipe that somebody fills in: in the form's words, with this server's limits."""

import math
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import ValidationError

from mnist_core.jobs.limits import exceeded
from mnist_core.settings import Settings
from mnist_core.training.config import TrainingConfig, explain, label, may_be_none, none_word
from mnist_core.training.query import text_of


def check_recipe(values: Mapping[str, object], limits: Settings) -> tuple[TrainingConfig | None, dict[str, str]]:
    """Return the recipe, or None and field -> what it should be.

    Parameters
    ----------
    values
        Of some fields, as typed or chosen; the others have their defaults.
    limits
        Of this server.
    """
    try:
        config = TrainingConfig.model_validate(dict(values))
    except ValidationError as error:
        return None, _wrong(error, limits)
    problems = exceeded(config, limits)
    return (None if problems else config), problems


def expectation(name: str, limits: Settings) -> str:
    """Return what a field may hold, such as "Epochs: a whole number from 1 to 10,000, such as 1000."."""
    field, example = TrainingConfig.model_fields[name], text_of(TrainingConfig(), name)
    if field.annotation is bool:
        return f"{label(name)}: on or off."
    if get_origin(field.annotation) is Literal:
        return f"{label(name)}: one of {', '.join(map(str, get_args(field.annotation)))}."
    if get_origin(field.annotation) is tuple:
        return (
            f"{label(name)}: whole numbers from 1 to {limits.max_hidden_units}, such as {example}, "
            f"for at most {limits.max_hidden_layers} layers."
        )
    types = get_args(field.annotation) or (field.annotation,)
    kind = "a whole number" if int in types else "a number"
    most = {"epochs": limits.max_epochs}
    words = f"{label(name)}: {kind} {_range(field.metadata, most.get(name))}"
    if may_be_none(name):
        return f"{words}, or {none_word(name)}."
    return f"{words}, such as {example}." if field.default else f"{words}."


def _range(metadata: list[Any], most: int | None) -> str:
    """Return "from 0 to 1", "above 0, at most 100" or "from 0 to below 1"."""
    bounds = {type(bound): bound for bound in metadata}
    if Lt in bounds:
        return f"from {bounds[Ge].ge:,} to below {bounds[Lt].lt:,}"
    high = min(bounds[Le].le, most or math.inf)
    return f"above {bounds[Gt].gt:,}, at most {high:,}" if Gt in bounds else f"from {bounds[Ge].ge:,} to {high:,}"


def _wrong(error: ValidationError, limits: Settings) -> dict[str, str]:
    """Return field -> what it should be. What several fields together have wrong is said at the one it names first."""
    problems = {}
    for problem in error.errors(include_url=False):
        words = problem["msg"].removeprefix("Value error, ")
        if problem["loc"]:
            name = str(problem["loc"][0])
            problems[name] = expectation(name, limits)
        else:
            problems[words.partition(":")[0]] = words[:1].upper() + words[1:]
    return problems or {"": explain(error)}
