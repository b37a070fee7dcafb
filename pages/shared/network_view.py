"""A network, alive, that reads an image; and the unit that is chosen in it, below."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.figures.living_network import MOST_UNITS
from mnist_core.figures.living_network import living_network as picture_of
from mnist_core.nn import MLP
from mnist_core.training import TrainingConfig
from pages.shared import living_network, permalink, resources, unit_view

_NAMES = ("unit",)


def show(
    network: MLP,
    image: NDArray[np.uint8],
    *,
    key: str,
    label: int | None = None,
    config: TrainingConfig | None = None,
    most_units: int = MOST_UNITS,
    in_link: bool = True,
) -> bool:
    """Draw `network` as it reads `image`, and take the chosen unit apart below; tell whether there is a chosen one.

    Parameters
    ----------
    image
        uint8 (28, 28).
    key
        Another one for each place that has such a picture. While it stays the same, so do the places of units.
    label
        What the image shows, if that is known.
    config
        What the network was trained with, from which the images are known that it has not learnt from.
    most_units
        That are drawn of a hidden layer.
    in_link
        Whether the address bar names the chosen unit: for one picture of a page.
    """
    linked = permalink.enter(key, _NAMES).get("unit", "") if in_link else ""
    picture = picture_of(
        network,
        image,
        resources.classes().names,
        label=label,
        most_units=most_units,
        drawn=st.session_state.get(_drawn(key), ()),
        chosen=living_network.chosen(key),
    )
    st.session_state[_drawn(key)] = [layer["units"] for layer in picture["layers"]]
    chosen = living_network.show(picture, key=key, linked=linked)
    if in_link:
        permalink.write(key, _NAMES, {"unit": "{}:{}".format(*chosen)} if chosen else {})
    if chosen:
        unit_view.show(network, image, *chosen, config=config, key=key)
    return chosen is not None


def _drawn(key: str) -> str:
    return f"units drawn in {key}"
