"""One unit of a network: its pattern of weights, its sum term by term, and the images that excite it most."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.figures.mosaic import digits_png, diverging_png
from mnist_core.figures.update import sum_of_terms
from mnist_core.lessons.inside import activations, images_to_excite, most_exciting, unit_sum
from mnist_core.nn import MLP
from mnist_core.runs import weights_sha256
from mnist_core.training import TrainingConfig
from pages.shared import glossary, mosaic, resources

_TERMS, _EXCITING = 10, 16
_BENDS = {"relu": "[[ReLU]]", "tanh": "tanh", "sigmoid": "sigmoid"}


def show(
    network: MLP, image: NDArray[np.uint8], layer: int, unit: int, *, config: TrainingConfig | None, key: str
) -> None:
    """Take a unit of `network`, which reads `image`, apart. Layer 1 is the first hidden one, the last has the classes.

    `config` is what the network was trained with, if that is known; `key` that of the picture it was chosen in.
    """
    layers = activations(network, image[None])
    parts = unit_sum(network, layers, layer, unit)
    is_class = layer == len(network.kernels)
    name = f"class {resources.classes().names[unit]}" if is_class else f"unit {unit} of hidden layer {layer}"
    st.subheader(f"Inside {name}", anchor=False)
    pictures, numbers = st.columns([2, 3], gap="large")
    with pictures:
        _show_patterns(parts.weights, parts.products, layer)
        _show_exciting(network, config, layer, unit)
    with numbers:
        strongest = np.argsort(-np.abs(parts.products), kind="stable")[:_TERMS]
        terms = [*parts.products[strongest].tolist(), float(np.delete(parts.products, strongest).sum()), parts.bias]
        labels = [*(_source(layer, int(place)) for place in strongest), "all others", "bias"]
        st.plotly_chart(
            sum_of_terms(labels, terms, "its sum", parts.z),
            width="stretch",
            key=f"sum of {layer}:{unit} in {key}",
            alt=f"How the products and the bias of {name} add up to {parts.z:.4g}",
        )
        what = "probability, after [[softmax]]" if is_class else f"[[activation]], after {_BENDS[network.activation]}"
        glossary.show(
            f"Each bar is an input times its [[weight]]; together with the [[bias]] they add up to **{parts.z:.4f}**. "
            f"Its {what}: **{parts.answer:.4f}**."
        )


def _source(layer: int, place: int) -> str:
    return "pixel {}, {}".format(*divmod(place, IMAGE_SHAPE[1])) if layer == 1 else f"unit {place}"


def _show_patterns(weights: NDArray[np.floating], products: NDArray[np.floating], layer: int) -> None:
    if layer > 1:
        st.markdown(
            "It adds up the units of the layer before it: the bars show which raise its sum and which lower it."
        )
        return
    st.markdown("**Its weights, and the weights times this image's ink.** Orange raises its sum, blue lowers it.")
    for column, what, alt in zip(st.columns(2), (weights, products), ("Weights", "Weights times ink"), strict=True):
        with column:
            mosaic.show(diverging_png(what.reshape(1, *IMAGE_SHAPE), 1), f"{alt} of this unit, pixel by pixel")


def _show_exciting(network: MLP, config: TrainingConfig | None, layer: int, unit: int) -> None:
    weights, recipe = weights_sha256(network), config.model_dump_json() if config else ""
    png, words = _exciting(weights, network.layer_sizes, recipe, layer, unit, _network=network)
    st.markdown(f"**What excites it most** among {words}:")
    mosaic.show(png, f"The {_EXCITING} images that excite this unit most")


# Ten thousand images are read for it, so it is kept for all who look at the same unit of the same weights.
@st.cache_data(max_entries=300, show_spinner=False)
def _exciting(
    weights: str, layer_sizes: tuple[int, ...], recipe: str, layer: int, unit: int, *, _network: MLP
) -> tuple[bytes, str]:
    config = TrainingConfig.model_validate_json(recipe) if recipe else None
    images, words = images_to_excite(config, resources.dataset())
    found = most_exciting(activations(_network, images.images), layer, unit, _EXCITING)
    return digits_png(images.images[found], 8), words
