"""The network of a try, alive, and the unit that is chosen in it: its pattern, its sum, and what excites it most."""

import numpy as np
import streamlit as st

from mnist_core.data import Split
from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.figures.living_network import living_network as picture_of
from mnist_core.figures.mosaic import digits_png, diverging_png
from mnist_core.figures.update import sum_of_terms
from mnist_core.lessons.digits_to_watch import COUNT, digits_to_watch
from mnist_core.lessons.inside import activations, most_exciting, unit_sum
from mnist_core.nn import MLP
from mnist_core.runs import OPERATOR, Run
from mnist_core.training.split import held_out
from pages.playground import tries
from pages.shared import glossary, living_network, mosaic, permalink, resources

_TERMS, _EXCITING = 10, 16
_DIGIT, _NAMES = "playground.digit", ("digit", "unit")
_NUMBERS = tuple(map(str, range(COUNT)))
_BENDS = {"relu": "[[ReLU]]", "tanh": "tanh", "sigmoid": "sigmoid"}


@st.fragment
def show(run: Run) -> None:
    """Show the network of a try that has weights, reading one of the digits to watch."""
    st.subheader("The network, from the image to its answer", anchor=False)
    network, watched, names = _network(run.id), digits_to_watch(resources.dataset()), resources.classes()
    guesses = network.predict(watched.images)

    def words(index: int) -> str:
        label, guess = int(watched.labels[index]), int(guesses[index])
        return f"{names.caption(label)}, {'read correctly' if label == guess else f'misread as {names.names[guess]}'}"

    link = permalink.enter(tries.PAGE, _NAMES)
    if _DIGIT not in st.session_state:
        st.session_state[_DIGIT] = int(link["digit"]) if link.get("digit") in _NUMBERS else 0
    index = st.selectbox("Image to read", range(len(watched)), format_func=words, key=_DIGIT, persist_state="session")
    image, label = watched.images[index], int(watched.labels[index])
    chosen = living_network.show(
        picture_of(network, image, names.names, label=label), key="playground network", chosen=link.get("unit", "")
    )
    state = {"digit": str(index) if index else "", "unit": "{}:{}".format(*chosen) if chosen else ""}
    permalink.write(tries.PAGE, _NAMES, {name: value for name, value in state.items() if value})
    if chosen:
        _show_unit(run, network, image, *chosen)


def _show_unit(run: Run, network: MLP, image: np.ndarray, layer: int, unit: int) -> None:
    layers = activations(network, image[None])
    parts = unit_sum(network, layers, layer, unit)
    is_class = layer == len(network.kernels)
    name = f"class {resources.classes().names[unit]}" if is_class else f"unit {unit} of hidden layer {layer}"
    st.subheader(f"Inside {name}", anchor=False)
    pictures, numbers = st.columns([2, 3], gap="large")
    with pictures:
        _show_patterns(parts.weights, parts.products, layer)
        _show_exciting(run.id, layer, unit)
    with numbers:
        strongest = np.argsort(-np.abs(parts.products), kind="stable")[:_TERMS]
        terms = [*parts.products[strongest].tolist(), float(np.delete(parts.products, strongest).sum()), parts.bias]
        labels = [*(_source(layer, int(place)) for place in strongest), "all others", "bias"]
        st.plotly_chart(
            sum_of_terms(labels, terms, "its sum", parts.z),
            width="stretch",
            key=f"sum of {layer}:{unit}",
            alt=f"How the products and the bias of {name} add up to {parts.z:.4g}",
        )
        what = "probability, after [[softmax]]" if is_class else f"[[activation]], after {_BENDS[network.activation]}"
        glossary.show(
            f"Each bar is an input times its [[weight]]; together with the [[bias]] they add up to **{parts.z:.4f}**. "
            f"Its {what}: **{parts.answer:.4f}**."
        )


def _source(layer: int, place: int) -> str:
    return "pixel {}, {}".format(*divmod(place, IMAGE_SHAPE[1])) if layer == 1 else f"unit {place}"


def _show_patterns(weights: np.ndarray, products: np.ndarray, layer: int) -> None:
    if layer > 1:
        st.markdown(
            "It adds up the units of the layer before it: the bars show which raise its sum and which lower it."
        )
        return
    st.markdown("**Its weights, and the weights times this image's ink.** Orange raises its sum, blue lowers it.")
    for column, what, alt in zip(st.columns(2), (weights, products), ("Weights", "Weights times ink"), strict=True):
        with column:
            mosaic.show(diverging_png(what.reshape(1, *IMAGE_SHAPE), 1), f"{alt} of this unit, pixel by pixel")


def _show_exciting(run_id: str, layer: int, unit: int) -> None:
    images = _held_out(run_id)
    found = _exciting(run_id, layer, unit)
    st.markdown(f"**What excites it most** among {len(images):,} images that the network has not learnt from:")
    mosaic.show(digits_png(images.images[found], 8), f"The {len(found)} images that excite this unit most")


@st.cache_resource(max_entries=32, show_spinner=False)
def _network(run_id: str) -> MLP:
    return resources.store().network(run_id, who=OPERATOR)  # whoever asks has read the try as themselves before


def _held_out(run_id: str) -> Split:
    return held_out(resources.store().get(run_id, who=OPERATOR).config, resources.dataset())


@st.cache_data(max_entries=300, show_spinner=False)
def _exciting(run_id: str, layer: int, unit: int) -> np.ndarray:
    return most_exciting(activations(_network(run_id), _held_out(run_id).images), layer, unit, _EXCITING)
