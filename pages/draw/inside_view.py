"""Why the network answers as it does: pixels for and against, hidden units, and the most similar training images."""

import streamlit as st

from mnist_core.data.drawing import Image
from mnist_core.evaluation.reading import Reading, reasons
from mnist_core.figures.mosaic import digits_png, diverging_png
from pages.draw import picture_row
from pages.draw.picture_row import Picture
from pages.shared import networks, resources
from pages.shared.nearest import nearest_images

_NEIGHBOURS = 8


def show(reader: networks.Reader, reading: Reading, image: Image) -> None:
    """Show what led `reader` to `reading` of `image`."""
    why = reasons(reader.network, image, reading)
    first, second = map(resources.classes().one, (reading.label, reading.second))
    st.subheader(f"Why {first} and not {second}?", anchor=False)
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
    _show_nearest(image)


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
