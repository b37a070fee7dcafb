"""The trail of tries as numbers for the component `pages.playground.trail`: where each dot lies, and the axes."""

from collections.abc import Sequence
from math import floor, log10
from typing import Any

from mnist_core.lessons.trail import Band, Dot
from mnist_core.training.config import label, none_word

_LOGARITHMIC = {"learning_rate", "weight_decay", "train_size", "epochs"}
_LINEAR = {"dropout", "label_noise"}
_MOST_MARKS = 6
_EDGE = 0.06


def trail(dots: Sequence[Dot], field: str, shown: str, band: Band | None) -> dict[str, Any]:
    """Return the trail along `field` for JSON.

    Parameters
    ----------
    shown
        Id of the try that is shown.

    Returns
    -------
    dict
        `dots` with `id`, `x` (share of the axis), `accuracy` (None: diverged), `is_alike` and `words`; `xs`, the marks
        of the axis, each share and text; `axis`, its name; `low`, where the axis of accuracies begins; `band`; `shown`.
    """
    shares = _shares([dot.value for dot in dots], field)
    accuracies = [dot.accuracy for dot in dots if dot.accuracy is not None]
    low = 0.0 if len(accuracies) < len(dots) or not accuracies else max(0.0, floor(10 * min(accuracies) - 0.1) / 10)
    return {
        "dots": [
            {
                "id": dot.id,
                "x": share,
                "accuracy": dot.accuracy,
                "is_alike": dot.is_alike,
                "words": _words(dot, field),
            }
            for dot, share in zip(dots, shares, strict=True)
        ],
        "xs": _marks([dot.value for dot in dots], shares, field),
        "axis": f"{label(field)}{' (each step a factor)' if field in _LOGARITHMIC else ''}",
        "low": min(low, 0.9),
        "band": {"low": band.low, "high": band.high} if band else None,
        "shown": shown,
    }


def value_text(field: str, value: object) -> str:
    """Return a setting's value as people read it: "0.03", "10,000", "64-32" or "none"."""
    if value is None:
        return none_word(field)
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else str(value)


def _words(dot: Dot, field: str) -> str:
    result = "the numbers overflowed" if dot.accuracy is None else f"{100 * dot.accuracy:.2f} % read correctly"
    others = "" if dot.is_alike else " (other settings differ too)"
    return f"{label(field)} {value_text(field, dot.value)}: {result}{others}"


def _shares(values: Sequence[Any], field: str) -> list[float]:
    """Return where on the axis each value lies, in [0, 1]; what is neither amount nor share stands in a row."""
    if field in _LOGARITHMIC:
        smallest = min((value for value in values if value > 0), default=1)
        places = [log10(value) if value > 0 else log10(smallest) - 1 for value in values]
    elif field in _LINEAR:
        places = [float(value) for value in values]
    else:
        row = sorted(set(values), key=_order)
        places = [float(row.index(value)) for value in values]
    low, high = min(places, default=0.0), max(places, default=0.0)
    if high == low:
        return [0.5] * len(places)
    return [_EDGE + (1 - 2 * _EDGE) * (place - low) / (high - low) for place in places]


def _order(value: object) -> tuple[object, ...]:
    """Order layers by how many they are and their units, numbers by size with None last, words by letter."""
    if isinstance(value, tuple):
        return (len(value), value)
    return (value is None, value or 0)


def _marks(values: Sequence[Any], shares: Sequence[float], field: str) -> list[tuple[float, str]]:
    """Return a few values of the axis with their places, as far apart as there is room for."""
    marks: list[tuple[float, str]] = []
    for share, text in sorted({(share, value_text(field, value)) for value, share in zip(values, shares, strict=True)}):
        if not marks or share - marks[-1][0] >= 1 / _MOST_MARKS:
            marks.append((share, text))
    return marks
