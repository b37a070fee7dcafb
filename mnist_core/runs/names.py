"""Names for runs: one that people can say and remember, and that of the preset they follow."""

import secrets

from mnist_core.training.config import TrainingConfig
from mnist_core.training.presets import PRESETS


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
    """Return the name of the preset that `config` equals, whatever its seed, or ""."""
    unseeded = config.model_copy(update={"seed": TrainingConfig().seed})
    return next((name for name in PRESETS if TrainingConfig.preset(name) == unseeded), "")
