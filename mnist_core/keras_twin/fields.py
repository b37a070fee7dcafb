"""What the twin does with each hyperparameter: the one list that a new field of `TrainingConfig` must be entered in."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from mnist_core.training.config import TrainingConfig


class Treatment(NamedTuple):
    """How the twin treats a field.

    Attributes
    ----------
    by
        Who does it: Keras itself, or the NumPy run's own code, which the twin shares.
    note
        What has no exact counterpart, in a sentence or two.
    applies
        Whether a config has a value of which the note tells.
    left_out
        What the program to copy cannot do, to stand in its comment; a template of the field's value.
    """

    by: Literal["keras", "shared code"]
    note: str = ""
    applies: Callable[[TrainingConfig], bool] = bool
    left_out: str = ""


FIELDS: dict[str, Treatment] = {
    "hidden_units": Treatment("keras"),
    "activation": Treatment("keras"),
    "initializer": Treatment("shared code"),
    "epochs": Treatment("shared code"),
    "learning_rate": Treatment("keras"),
    "batch_size": Treatment("shared code"),
    "optimizer": Treatment(
        "keras",
        "Adam: Keras loses digits in the factor that makes up for Adam's start from zero. The twin hands Keras a "
        "learning rate that restores them; otherwise this rounding alone would drive the weights apart.",
        lambda config: config.optimizer in {"adam", "adamw"},
    ),
    "seed": Treatment("shared code"),
    "schedule": Treatment("shared code"),
    "momentum": Treatment("keras"),
    "weight_decay": Treatment("keras"),
    "dropout": Treatment(
        "keras",
        "Dropout: Keras draws other random masks, so the two networks part in the first step. They can only be "
        "compared as two runs of one recipe.",
        lambda config: config.dropout > 0,
    ),
    "label_smoothing": Treatment("keras"),
    "label_noise": Treatment("shared code"),
    "augmentation": Treatment("shared code", left_out="the training images distorted again each epoch ({})"),
    "ema": Treatment("shared code", left_out="the running average of the weights (decay {}, with warm-up)"),
    "train_size": Treatment("shared code"),
    "validation_size": Treatment("shared code"),
    "dtype": Treatment("keras"),
}


def notes_on(config: TrainingConfig) -> tuple[str, ...]:
    """Say, a sentence or two for each, which settings of `config` have no exact counterpart in Keras."""
    return tuple(treatment.note for treatment in FIELDS.values() if treatment.note and treatment.applies(config))


def left_out_of_program(config: TrainingConfig) -> list[str]:
    """Say which settings of `config` the program to copy cannot follow."""
    default = TrainingConfig()
    return [
        treatment.left_out.format(getattr(config, name))
        for name, treatment in FIELDS.items()
        if treatment.left_out and getattr(config, name) != getattr(default, name)
    ]
