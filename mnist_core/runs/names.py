"""Names for runs: one that people can say and remember, and that of the preset they follow."""

import secrets

from mnist_core.training.config import TrainingConfig, label
from mnist_core.training.fair import hold_out
from mnist_core.training.presets import PRESETS
from mnist_core.training.query import words_of

_MOST_NAMED = 3
# What makes no recipe another one: chance, and how many images are held out to watch it by.
_INCIDENTAL = {"seed", "validation_size"}


def _words(text: str) -> list[str]:
    return text.split()


_ADJECTIVES = _words(
    "amber bold brave bright brisk calm clear clever cosy crisp curious eager fair fine fond gentle glad golden "
    "happy keen kind light lively lucky mellow merry mild modest neat noble patient plucky proud quick quiet rapid "
    "sharp shiny silent silver simple sleek smart snowy soft steady sunny swift tidy vivid warm wise witty"
)
_ANIMALS = _words(
    "badger bear beaver bison bobcat crane deer dolphin dove eagle falcon ferret finch fox gecko goose hare hawk "
    "heron horse ibis jay koala lark lemur lion llama lynx marten mole moose newt ocelot orca osprey otter owl "
    "panda pika puffin quail raven robin salmon seal shrew sparrow squid stork swan tapir tiger toad trout turtle "
    "walrus weasel whale wolf wombat wren yak zebra"
)


def readable_name() -> str:
    """Return a random name; the number keeps a thousand runs apart well enough for people, ids do so for machines."""
    return f"{secrets.choice(_ADJECTIVES)}-{secrets.choice(_ANIMALS)}-{10 + secrets.randbelow(90)}"


def matching_preset(config: TrainingConfig) -> str:
    """Return the name of the preset that `config` equals, or "".

    Whatever its seed, and whether or not it holds images out for a fair comparison.
    """
    unseeded = config.model_copy(update={"seed": TrainingConfig().seed})
    presets = ((name, TrainingConfig.preset(name)) for name in PRESETS)
    return next((name for name, preset in presets if unseeded in (preset, hold_out(preset))), "")


def recipe_name(config: TrainingConfig) -> str:
    """Return the preset that `config` follows, or the nearest one and what differs: "fast, learning rate 0.3"."""
    preset, changed = min(((name, _changed(config, name)) for name in PRESETS), key=lambda pair: len(pair[1]))
    if len(changed) > _MOST_NAMED:
        return f"{preset}, {len(changed)} settings changed"
    return ", ".join([preset, *(f"{label(field).lower()} {words_of(config, field)}" for field in changed)])


def _changed(config: TrainingConfig, preset: str) -> list[str]:
    usual = TrainingConfig.preset(preset)
    fields = [field for field in TrainingConfig.model_fields if field not in _INCIDENTAL]
    return [field for field in fields if getattr(config, field) != getattr(usual, field)]
