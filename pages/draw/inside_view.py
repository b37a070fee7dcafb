"""Why the network answers as it does: pixels for and against, hidden units, and the most similar training images."""

import numpy as np
import streamlit as st

from mnist_core.data.drawing import Image
from mnist_core.evaluation.reading import Reading, reasons
from mnist_core.figures.mosaic import digits_png, diverging_png
from mnist_core.figures.units import activations_png
from pages.draw import picture_row
from pages.draw.picture_row import Picture
from pages.draw.readers import Reader
from pages.shared import resources
from pages.shared.nearest import nearest_images

_NEIGHBOURS = 8


def show(reader: Reader, reading: Reading, image: Image) -> None:
    """Show what led `reader` to `reading` of `image`."""
    why = reasons(reader.network, image, reading)
    first, second = map(resources.classes().one, (reading.label, reading.second))
    st.subheader(f"Why {first} and not {second}?", anchor=False)
    pixels, units = st.columns(2, gap="large")
    with pixels:
        picture_row.show(
            [
                Picture(
                    diverging_png(why.spoke[None], 1),
                    "What the ink said",
                    f"Orange ink speaks for {first} rather than {second}, blue ink against it.",
                    f"Map of the pixels that speak for {first} rather than {second}, and against",
                ),
                Picture(
                    diverging_png(why.would[None], 1),
                    "What more ink would do",
                    f"More ink at an orange pixel would make {first} more likely, at a blue one {second}.",
                    "Map of how the answer would change with more ink at each pixel",
                ),
            ],
            170,
        )
    with units:
        _show_units(why.activations)
    _show_nearest(image)


def _show_units(layers: list[np.ndarray]) -> None:
    if not layers:
        st.markdown("This network has no hidden units: each class is a weighted sum of the pixels.")
        return
    picture_row.show(
        [
            Picture(
                activations_png(units),
                f"Hidden layer {number}: {np.count_nonzero(units > 0)} of {units.size} units are active",
                "Each square is a unit that looks for a pattern of its own: the brighter it is, the more of the "
                "pattern it has found.",
                f"Activations of the {units.size} units of hidden layer {number}",
            )
            for number, units in enumerate(layers, 1)
        ],
        360,
    )


def _show_nearest(image: Image) -> None:
    train, names = resources.dataset().train, resources.classes().names
    indices, distances = nearest_images().find(image, _NEIGHBOURS)
    st.markdown("**The training images most like it**, pixel by pixel")
    picture_row.show(
        [
            Picture(
                digits_png(train.images[index][None], 1),
                names[train.labels[index]],
                f"distance {distance:.1f}",
                f"Training image {index}, labelled {names[train.labels[index]]}",
            )
            for index, distance in zip(indices, distances, strict=True)
        ],
        84,
    )
