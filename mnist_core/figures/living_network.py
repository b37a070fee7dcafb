"""The network as a picture made from its real numbers: what the component `pages.shared.living_network` draws."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_core.lessons.inside import activations, steady, strongest_units
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray

MOST_UNITS = 14
# Lines from single pixels to a unit of the first layer: the strongest, as all 784 would be a grey cloud.
LINES_FROM_PIXELS = 6
_KINDS = {"relu": "ReLU", "tanh": "tanh", "sigmoid": "sigmoid"}


def living_network(
    network: MLP,
    image: NDArray[np.uint8],
    class_names: Sequence[str],
    *,
    label: int | None = None,
    most_units: int = MOST_UNITS,
    drawn: Sequence[Sequence[int]] = (),
    chosen: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Return the picture of a network that reads one image, as numbers for JSON.

    Parameters
    ----------
    image
        uint8 (28, 28).
    label
        What it shows, if that is known.
    most_units
        Of a hidden layer: those that move the next layer most for this image.
    drawn
        The units of each layer in an earlier picture: those that are still drawn keep their places.
    chosen
        Layer, 1 for the first hidden one, and unit that somebody looks at: it stays where it was drawn.

    Returns
    -------
    dict
        `image` (784 bytes, base64), `label`, `layers` and `lines`. A layer has `kind`, `size` and the units that are
        drawn: `units` (their numbers), `names`, `values` (activations, or probabilities of the classes). `lines[l]`
        leads to layer l: `[from, to, weight, product]`, where `to` and `from` count the units drawn; in `lines[0]`,
        `from` is a pixel. A product is the weight times what comes along the line.
    """
    layers = activations(network, image[None])
    shown = [*_places(strongest_units(network, layers, most_units), drawn, chosen), np.arange(network.layer_sizes[-1])]
    kinds = [*[_KINDS[network.activation]] * (len(shown) - 1), "softmax"]
    return {
        "image": base64.b64encode(np.ascontiguousarray(image, np.uint8).tobytes()).decode("ascii"),
        "label": label,
        "layers": [
            {
                "kind": kind,
                "size": len(answers[0]),
                "units": units.tolist(),
                "names": list(class_names) if answers is layers[-1] else [str(unit) for unit in units],
                "values": answers[0, units].astype(float).tolist(),
            }
            for kind, answers, units in zip(kinds, layers[1:], shown, strict=True)
        ],
        "lines": [
            _lines_from_pixels(network.kernels[0], layers[0][0], shown[0]),
            *(
                _lines(kernel, answers[0], before, after)
                for kernel, answers, before, after in zip(
                    network.kernels[1:], layers[1:-1], shown[:-1], shown[1:], strict=True
                )
            ),
        ],
    }


def _places(
    strongest: list[NDArray[np.intp]], drawn: Sequence[Sequence[int]], chosen: tuple[int, int] | None
) -> list[NDArray[np.intp]]:
    if len(drawn) != len(strongest) + 1:  # of another network
        return strongest
    return [
        steady(before, units, chosen[1] if chosen and chosen[0] == layer else None)
        for layer, (before, units) in enumerate(zip(drawn, strongest, strict=False), 1)
    ]


def _lines_from_pixels(kernel: FloatArray, ink: FloatArray, units: NDArray[np.intp]) -> list[list[float]]:
    """Return for each unit the lines of the pixels that matter most to it."""
    products = ink[:, None] * kernel[:, units]
    strongest = np.argsort(-np.abs(products), axis=0, kind="stable")[:LINES_FROM_PIXELS]
    return [
        [int(pixel), place, float(kernel[pixel, units[place]]), float(products[pixel, place])]
        for place in range(len(units))
        for pixel in strongest[:, place]
        if products[pixel, place] != 0
    ]


def _lines(
    kernel: FloatArray, answers: FloatArray, before: NDArray[np.intp], after: NDArray[np.intp]
) -> list[list[float]]:
    weights = kernel[np.ix_(before, after)]
    products = answers[before, None] * weights
    return [
        [start, end, float(weights[start, end]), float(products[start, end])]
        for start, end in np.ndindex(weights.shape)
    ]
