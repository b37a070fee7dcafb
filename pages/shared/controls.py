"""How each field of a TrainingConfig is shown: as choices, a slider over a grid of values, a number box or text.

All that a widget needs comes from the field itself, so that a new hyperparameter needs no line here.
"""

import math
import operator
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt

from mnist_core.training.config import FULL_BATCH_WORD, TrainingConfig

# A slider with more positions than this cannot be set exactly by mouse or thumb: a number box is shown instead.
MOST_POSITIONS = 200
_MANTISSAS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
_SMALLEST_EXPONENT = -5
_BATCH_SIZES = (16, 32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True)
class Control:
    """How one field is shown.

    Attributes
    ----------
    kind
        "choice" (of `options`, and in the case of `free` of anything typed), "slider" (over `options`), "number" (in
        `low` .. `high`, in steps of `step`), or "text".
    """

    field: str
    kind: Literal["choice", "slider", "number", "text"]
    group: str
    label: str
    help: str
    options: tuple[Any, ...] = ()
    free: bool = False
    low: float | None = None
    high: float | None = None
    step: float | None = None


@cache
def controls() -> tuple[Control, ...]:
    """Return the controls of all fields, in the order in which the config defines them."""
    return tuple(_control(name) for name in TrainingConfig.model_fields)


def groups() -> dict[str, list[Control]]:
    """Return the controls by group, groups in order of their first field."""
    grouped: dict[str, list[Control]] = {}
    for control in controls():
        grouped.setdefault(control.group, []).append(control)
    return grouped


def as_shown(value: Any) -> Any:
    """Return a config's value as its widget holds it: text for layers and for the batch size."""
    if value is None:
        return FULL_BATCH_WORD
    return "-".join(map(str, value)) if isinstance(value, tuple) else value


def positions(control: Control, value: Any) -> tuple[Any, ...]:
    """Return a slider's or choice's options, with `value` among them wherever it came from."""
    if value in control.options:
        return control.options
    options = (*control.options, value)
    return tuple(sorted(options)) if control.kind == "slider" else options


def _control(name: str) -> Control:
    field = TrainingConfig.model_fields[name]
    extra: Any = field.json_schema_extra
    about = {"field": name, "group": extra["group"], "label": extra["label"], "help": field.description or ""}
    if get_origin(field.annotation) is Literal:
        return Control(kind="choice", options=get_args(field.annotation), **about)
    if field.default is None:
        return Control(kind="choice", options=(FULL_BATCH_WORD, *_BATCH_SIZES), free=True, **about)
    if isinstance(field.default, tuple):
        return Control(kind="text", **about)
    low, high, step = _bound(field.metadata, Ge, Gt), _bound(field.metadata, Le, Lt), extra["step"]
    if extra["log"]:
        return Control(kind="slider", options=_allowed(_ratios(high), field.metadata), **about)
    number = type(field.default)
    if (high - low) / step > MOST_POSITIONS:
        (last,) = _allowed((high,), field.metadata) or (high - step,)
        return Control(kind="number", low=number(low), high=number(last), step=number(step), **about)
    multiples = [round(index * step, 10) for index in range(math.floor(high / step + 1e-9) + 1)]
    options = sorted({number(low), *map(number, multiples)})
    return Control(kind="slider", options=_allowed(options, field.metadata), **about)


def _bound(metadata: list[Any], *kinds: type) -> Any:
    """Return the one bound of these kinds, such as the 0 of ``gt=0``."""
    (bound,) = (bound for bound in metadata if isinstance(bound, kinds))
    return next(iter(asdict(bound).values()))  # type: ignore[call-overload]


def _ratios(high: float) -> list[float]:
    """Return 0 and values in nearly equal ratios up to `high`."""
    decades = range(_SMALLEST_EXPONENT, math.ceil(math.log10(high)) + 1)
    return [0.0, *(float(f"{mantissa}e{decade}") for decade in decades for mantissa in _MANTISSAS)]


def _allowed(values: Iterable[Any], metadata: list[Any]) -> tuple[Any, ...]:
    """Return the values that a field's bounds allow."""
    tests = {Ge: operator.ge, Gt: operator.gt, Le: operator.le, Lt: operator.lt}
    bounds = [(tests[type(bound)], _bound([bound], type(bound))) for bound in metadata if type(bound) in tests]
    return tuple(value for value in values if all(test(value, bound) for test, bound in bounds))
