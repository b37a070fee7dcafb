"""How each field of a TrainingConfig is shown: as choices, a switch, a slider over a grid, a number box or text.

All that a widget needs comes from the field itself, so that a new hyperparameter needs no line here.
"""

import math
import operator
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from mnist_core.training.config import TrainingConfig, none_word

# A slider with more positions than this cannot be set exactly by mouse or thumb: a number box is shown instead.
MOST_POSITIONS = 200
_MANTISSAS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
_SMALLEST_EXPONENT = -5


@dataclass(frozen=True)
class Control:
    """How one field is shown.

    Attributes
    ----------
    kind
        "choice" (of `options`, and in the case of `free` of anything typed), "switch" (True or False), "slider" (over
        `options`), "number" (in `low` .. `high`, in steps of `step`), or "text".
    """

    field: str
    kind: Literal["choice", "switch", "slider", "number", "text"]
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
    return tuple(control_of(name, field) for name, field in TrainingConfig.model_fields.items())


def groups() -> dict[str, list[Control]]:
    """Return the controls by group, groups in order of their first field."""
    grouped: dict[str, list[Control]] = {}
    for control in controls():
        grouped.setdefault(control.group, []).append(control)
    return grouped


def as_shown(name: str, value: Any) -> Any:
    """Return a config's value as its widget holds it: text for layers, and a word for None."""
    if value is None:
        return none_word(name)
    return "-".join(map(str, value)) if isinstance(value, tuple) else value


def positions(control: Control, value: Any) -> tuple[Any, ...]:
    """Return a slider's or choice's options, with `value` among them wherever it came from."""
    if value in control.options:
        return control.options
    options = (*control.options, value)
    return tuple(sorted(options)) if control.kind == "slider" else options


def control_of(name: str, field: FieldInfo) -> Control:
    """Return the control of any field that says by `mnist_core.training.config` where a form shows it."""
    extra: Any = field.json_schema_extra
    about = {"field": name, "group": extra["group"], "label": extra["label"], "help": field.description or ""}
    if get_origin(field.annotation) is Literal:
        return Control(kind="choice", options=get_args(field.annotation), **about)
    if field.annotation is bool:
        return Control(kind="switch", **about)
    if get_origin(field.annotation) is tuple:
        return Control(kind="text", **about)
    types = {*get_args(field.annotation)} or {field.annotation}
    number: Any = next(iter(types - {type(None)}))
    if type(None) in types:
        suggested = field.examples or _grid(number, extra, field.metadata)
        return Control(kind="choice", options=(extra["none"], *suggested), free=True, **about)
    options = _grid(number, extra, field.metadata)
    if not options:
        low, high, step = map(number, (*_bounds(field.metadata), extra["step"]))
        last = high if _allowed((high,), field.metadata) else high - step
        return Control(kind="number", low=low, high=last, step=step, **about)
    return Control(kind="slider", options=options, **about)


def _grid(number: type, extra: Any, metadata: list[Any]) -> tuple[Any, ...]:
    """Return the values to choose from: in equal ratios or steps, within the bounds; none if they are too many."""
    (low, high), step = _bounds(metadata), extra["step"]
    if extra["log"]:
        return _allowed(_ratios(high), metadata)
    if (high - low) / step > MOST_POSITIONS:
        return ()
    multiples = [round(index * step, 10) for index in range(math.floor(high / step + 1e-9) + 1)]
    return _allowed(sorted({number(low), *map(number, multiples)}), metadata)


def _bounds(metadata: list[Any]) -> tuple[Any, Any]:
    return _bound(metadata, Ge, Gt), _bound(metadata, Le, Lt)


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
