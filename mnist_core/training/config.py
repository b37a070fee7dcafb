"""Every hyperparameter, defined once.

Each field's bounds, default and description feed the sidebar, the command line, the permalink's query string, the run
store and the error messages. The defaults are the published recipe.
"""

import re
from typing import Annotated, Any, Literal, Self, cast, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from mnist_core.data.dataset import CLASSES
from mnist_core.nn.parameters import MAX_HIDDEN_LAYERS, MAX_PARAMETERS, MAX_UNITS, count_parameters

PIXELS = 784
_MOST_PROBLEMS = 10
_LONGEST_INPUT = 100
FULL_BATCH_WORD, NONE_WORD = "full", "none"


def _layers_from_text(value: Any) -> Any:
    """Accept "128-64" (or "128,64") for (128, 64), and "" or "none" for no hidden layer."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    return () if text in {"", "none"} else tuple(re.split(r"[\s,x-]+", text))


def _ui(
    group: str, label: str, step: float | None = None, *, log: bool = False, none: str = NONE_WORD
) -> dict[str, Any]:
    """Say where a form shows the field, its label, its step (`log`: by equal factors), and its word for None."""
    return {"group": group, "label": label, "step": step, "log": log, "none": none}


# The usual momentum of the optimizers built on it, and the learning rate at which each optimizer usually learns well.
USUAL_MOMENTUM = {"momentum": 0.9, "nesterov": 0.9}
USUAL_RATE = {"sgd": 0.1, "momentum": 0.03, "nesterov": 0.03, "adam": 0.001, "adamw": 0.001}

Units = Annotated[int, Field(ge=1, le=MAX_UNITS)]


class TrainingConfig(BaseModel):
    """One recipe: the network's shape, how it is trained, and on how many images. Frozen; validated when made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hidden_units: Annotated[tuple[Units, ...], BeforeValidator(_layers_from_text)] = Field(
        (128, 64),
        max_length=MAX_HIDDEN_LAYERS,
        description="Units of each hidden layer, first to last, such as 128-64. More units can learn more, slower.",
        json_schema_extra=_ui("Network", "Hidden units"),
    )
    activation: Literal["relu", "tanh", "sigmoid"] = Field(
        "relu",
        description="What each hidden unit does with its weighted sum. ReLU passes the positive part on.",
        json_schema_extra=_ui("Network", "Activation"),
    )
    initializer: Literal["he_normal", "glorot_uniform", "zeros"] = Field(
        "he_normal",
        description="How the first weights are drawn. He suits ReLU; with zeros nothing can be learnt.",
        json_schema_extra=_ui("Network", "Initial weights"),
    )
    epochs: int = Field(
        1000,
        ge=1,
        le=10_000,
        description="How often the network passes over all training images.",
        json_schema_extra=_ui("Training", "Epochs", 1),
    )
    learning_rate: float = Field(
        0.1,
        gt=0,
        le=100,
        allow_inf_nan=False,
        description="How far one step follows the gradient. Too small is slow, too large diverges.",
        json_schema_extra=_ui("Training", "Learning rate", log=True),
    )
    batch_size: int | None = Field(
        None,
        ge=1,
        le=60_000,
        description="Images for one step. A full batch takes one step an epoch; small batches take many, noisier ones.",
        examples=[16, 32, 64, 128, 256, 512, 1024],
        json_schema_extra=_ui("Training", "Batch size", none=FULL_BATCH_WORD),
    )
    optimizer: Literal["sgd", "momentum", "nesterov", "adam", "adamw"] = Field(
        "sgd",
        description="How a gradient becomes a step: sgd follows it as it is, adam scales it for each weight.",
        json_schema_extra=_ui("Training", "Optimizer"),
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**32 - 1,
        description="Where all random numbers start. The same seed gives the same weights, batches and result.",
        json_schema_extra=_ui("Training", "Seed", 1),
    )
    schedule: Literal["constant", "cosine", "one_cycle"] = Field(
        "constant",
        description="How the learning rate changes: not at all, falling as a cosine, or rising first (one cycle).",
        json_schema_extra=_ui("Advanced", "Schedule"),
    )
    momentum: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of the last step that the next one keeps (sgd, momentum, nesterov). Usually 0 or 0.9.",
        json_schema_extra=_ui("Advanced", "Momentum", 0.01),
    )
    weight_decay: float = Field(
        0.0,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Pulls all kernels towards zero: by an L2 penalty, or with adamw separately from the gradient.",
        json_schema_extra=_ui("Advanced", "Weight decay", log=True),
    )
    dropout: float = Field(
        0.0,
        ge=0,
        le=0.9,
        description="Share of hidden units switched off at random in each step, against overfitting.",
        json_schema_extra=_ui("Advanced", "Dropout", 0.05),
    )
    label_smoothing: float = Field(
        0.0,
        ge=0,
        le=0.5,
        description="Probability taken from the true class and spread over all ten, against overconfidence.",
        json_schema_extra=_ui("Advanced", "Label smoothing", 0.01),
    )
    label_noise: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of training labels replaced by a random wrong class. A large network can learn even these.",
        json_schema_extra=_ui("Advanced", "Wrong labels", 0.05),
    )
    augmentation: Literal["none", "affine", "elastic"] = Field(
        "none",
        description="Distorts the images in each epoch, 32 at a time alike. Affine shifts, turns, scales and slants "
        "them; elastic also bends strokes.",
        json_schema_extra=_ui("Advanced", "Augmentation"),
    )
    ema: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of the running average of the weights that each step keeps. The network answers with the "
        "average. 0 is off.",
        json_schema_extra=_ui("Advanced", "Weight averaging", 0.001),
    )
    train_size: int = Field(
        60_000,
        ge=1,
        le=60_000,
        description="Training images used at most, after those held out for validation.",
        json_schema_extra=_ui("Data", "Training images", 1000),
    )
    validation_size: int = Field(
        0,
        ge=0,
        le=30_000,
        description="Images held out from the end of the training set, to measure the network on images new to it.",
        json_schema_extra=_ui("Data", "Validation images", 1000),
    )
    dtype: Literal["float32", "float64"] = Field(
        "float32",
        description="float32 is fast; float64 keeps twice as many decimal places, for comparisons.",
        json_schema_extra=_ui("Advanced", "Number format"),
    )

    @model_validator(mode="before")
    @classmethod
    def _nothing_from_text(cls, data: Any) -> Any:
        """Accept the word for None, such as "full" for the batch size, in every field that may be None."""
        if not isinstance(data, dict):
            return data
        words = {name: {"", NONE_WORD, none_word(name)} for name in cls.model_fields if may_be_none(name)}
        return {
            name: None if isinstance(value, str) and value.strip().lower() in words.get(name, ()) else value
            for name, value in data.items()
        }

    @model_validator(mode="before")
    @classmethod
    def _usual_momentum(cls, data: Any) -> Any:
        """Give the momentum optimizers their usual 0.9 where no momentum was asked for."""
        if (
            isinstance(data, dict)
            and "momentum" not in data
            and (usual := USUAL_MOMENTUM.get(str(data.get("optimizer"))))
        ):
            return {**data, "momentum": usual}
        return data

    @model_validator(mode="after")
    def _momentum_is_used(self) -> Self:
        if self.optimizer in {"momentum", "nesterov"} and self.momentum == 0:
            raise ValueError(f"momentum: expected more than 0 with optimizer '{self.optimizer}', received 0. Try 0.9.")
        if self.optimizer in {"adam", "adamw"} and self.momentum:
            raise ValueError(
                f"momentum: expected 0 with optimizer '{self.optimizer}', which has a momentum of its own, "
                f"received {self.momentum:g}."
            )
        return self

    @model_validator(mode="after")
    def _network_can_be_loaded(self) -> Self:
        if (count := count_parameters(self.layer_sizes)) > MAX_PARAMETERS:
            raise ValueError(
                f"hidden_units: expected at most {MAX_PARAMETERS:,} weights and biases in all, received layers with "
                f"{count:,}. Use fewer or smaller layers."
            )
        return self

    @classmethod
    def preset(cls, name: str) -> Self:
        """Return the recipe called `name`: "classic", "fast", "modern" or "best".

        Raises
        ------
        ValueError
            There is no preset of that name.
        """
        from mnist_core.training.presets import PRESETS  # noqa: PLC0415 - a preset is made of this class

        if name not in PRESETS:
            raise ValueError(f"preset: expected one of {', '.join(PRESETS)}, received {name!r}.")
        return cls(**PRESETS[name])

    @property
    def penalty(self) -> float:
        """d, where the objective has the penalty d / 2 * (sum of squares of all kernels); adamw decays without one."""
        return 0.0 if self.optimizer == "adamw" else self.weight_decay

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Units of every layer, from the 784 inputs to the 10 classes."""
        return (PIXELS, *self.hidden_units, CLASSES)


def may_be_none(name: str) -> bool:
    """Tell whether a field of the config may be None."""
    return type(None) in get_args(TrainingConfig.model_fields[name].annotation)


def label(name: str) -> str:
    """Return what a form calls a field."""
    return str(_extra(name)["label"])


def none_word(name: str) -> str:
    """Return the word for None in a field: in a form, in a link and on the command line."""
    return str(_extra(name)["none"])


def _extra(name: str) -> dict[str, Any]:
    return cast(dict[str, Any], TrainingConfig.model_fields[name].json_schema_extra)


def explain(error: ValidationError) -> str:
    """Say in one line for each problem which field it is, what was expected and what was received.

    Only the first ten problems are listed, and only the beginning of long input.
    """
    lines = []
    for problem in error.errors(include_url=False)[:_MOST_PROBLEMS]:
        field = ".".join(str(part) for part in problem["loc"])[:_LONGEST_INPUT]
        message = problem["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
        if problem["type"] == "extra_forbidden":
            message = f"expected one of {', '.join(TrainingConfig.model_fields)}"
        lines.append(f"{field}: {message}, received {_beginning(problem['input'])}." if field else message)
    return "\n".join(lines)


def _beginning(value: Any) -> str:
    """Return the repr of a value from outside, cut short: it may be as long as its sender liked."""
    whole = repr(value)
    return whole if len(whole) <= _LONGEST_INPUT else f"{whole[:_LONGEST_INPUT]} ..."
