"""The network's layers as a drawing: an SVG that scales to any width and takes its colours from the page."""

from collections.abc import Iterator
from itertools import pairwise

from mnist_core.figures.theme import BLUE
from mnist_core.nn.parameters import count_parameters
from mnist_core.training import TrainingConfig

_PITCH, _TOP, _MIDDLE, _BOTTOM, _HEIGHT = 112, 20, 158, 282, 310
_SPACING, _RADIUS, _MOST_DRAWN = 21, 7.5, 10
_MIN_COLUMN_PX = 80  # below this, the drawing scrolls instead of becoming unreadable
_MAX_COLUMN_PX = 190
_ACTIVATIONS = {"relu": "ReLU", "tanh": "tanh", "sigmoid": "sigmoid"}


def architecture_svg(config: TrainingConfig) -> str:
    """Draw the layers of `config` from left to right, with the weights and biases between two layers counted below.

    Returns
    -------
    str
        HTML: an SVG that draws in the page's own text colour, in a box that scrolls sideways if there are many layers.
    """
    sizes = config.layer_sizes
    kinds = ["inputs", *[_ACTIVATIONS[config.activation]] * len(config.hidden_units), "softmax"]
    width = _PITCH * len(sizes)
    parts = [*_edges(sizes), *_units(sizes), *_captions(sizes, kinds), *_counts(sizes)]
    total = f"{count_parameters(sizes):,}"
    words = ", ".join(f"{size} {kind}" for size, kind in zip(sizes, kinds, strict=True))
    style = f"width:100%;min-width:{_MIN_COLUMN_PX * len(sizes)}px;max-width:{_MAX_COLUMN_PX * len(sizes)}px"
    return (
        f'<div style="overflow-x:auto"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" '
        f'role="img" aria-label="A network of {len(sizes)} layers: {words}; {total} parameters" '
        f'style="{style}" fill="currentColor" font-size="15" text-anchor="middle">{"".join(parts)}</svg></div>'
    )


def _ordinates(size: int) -> list[float]:
    """Return the heights of the units that are drawn: all of a small layer, the outer ones of a large one."""
    drawn = min(size, _MOST_DRAWN)
    places = [_MIDDLE + _SPACING * (index - (drawn - 1) / 2) for index in range(drawn)]
    return places if size <= _MOST_DRAWN else places[:4] + places[-4:]


def _centre(layer: int) -> float:
    return _PITCH * (layer + 0.5)


def _edges(sizes: tuple[int, ...]) -> Iterator[str]:
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        lines = "".join(
            f"M{_centre(layer) + _RADIUS} {start}L{_centre(layer + 1) - _RADIUS} {end}"
            for start in _ordinates(fan_in)
            for end in _ordinates(fan_out)
        )
        yield f'<path d="{lines}" stroke="currentColor" stroke-opacity="0.18" fill="none"/>'


def _units(sizes: tuple[int, ...]) -> Iterator[str]:
    for layer, size in enumerate(sizes):
        for place in _ordinates(size):
            yield f'<circle cx="{_centre(layer)}" cy="{place}" r="{_RADIUS}" fill="{BLUE}"/>'
        if size > _MOST_DRAWN:
            for shift in (-9, 0, 9):
                yield f'<circle cx="{_centre(layer)}" cy="{_MIDDLE + shift}" r="1.8"/>'
    for label, place in enumerate(_ordinates(sizes[-1])):
        yield f'<text x="{_centre(len(sizes) - 1)}" y="{place + 3.5}" font-size="10" fill="white">{label}</text>'


def _captions(sizes: tuple[int, ...], kinds: list[str]) -> Iterator[str]:
    for layer, (size, kind) in enumerate(zip(sizes, kinds, strict=True)):
        yield f'<text x="{_centre(layer)}" y="{_TOP}" font-size="20" font-weight="650">{size:,}</text>'
        yield f'<text x="{_centre(layer)}" y="{_TOP + 19}" opacity="0.75">{kind}</text>'


def _counts(sizes: tuple[int, ...]) -> Iterator[str]:
    for layer, pair in enumerate(pairwise(sizes)):
        yield f'<text x="{_PITCH * (layer + 1)}" y="{_BOTTOM}" font-weight="600">{count_parameters(pair):,}</text>'
        yield f'<text x="{_PITCH * (layer + 1)}" y="{_BOTTOM + 16}" font-size="13" opacity="0.75">parameters</text>'
