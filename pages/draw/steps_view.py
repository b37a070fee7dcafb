"""How a drawing or photo became an image like those of MNIST, and what a careless program would have made of it."""

import streamlit as st

from mnist_core.data.drawing import MIDDLE, Preparation, centre_of_mass, naive_resize
from mnist_core.data.provenance import is_mnist
from mnist_core.evaluation.preparation import preparation_accuracies
from mnist_core.evaluation.reading import read
from mnist_core.figures.steps import centred_png, picture_png
from pages.draw import picture_row
from pages.draw.picture_row import Picture
from pages.draw.subject import Subject
from pages.shared import mosaic, networks, resources
from pages.shared.words import percent

_WIDTH_PX = 145
_COUNT = 300


def show(subject: Subject, preparation: Preparation, reader: networks.Reader) -> None:
    """Show each step with its picture, and the careless way after them."""
    st.subheader("How it became an image that the network knows", anchor=False)
    st.markdown("Prepared as the makers of MNIST prepared theirs, in four steps:")
    picture_row.show(_steps(subject, preparation), _WIDTH_PX, square=True)
    with st.container(border=True):
        _show_careless(subject, reader)
        if is_mnist(resources.dataset()):
            _offer_proof(reader)


def _steps(subject: Subject, preparation: Preparation) -> list[Picture]:
    height, width = preparation.cropped.shape
    row, column = centre_of_mass(preparation.image)
    steps = [
        Picture(
            picture_png(preparation.ink, preparation.rectangle),
            "Find the ink",
            "White is ink. The orange frame encloses all of it.",
            "The ink, with a frame around it",
        ),
        Picture(
            picture_png(preparation.cropped), "Crop", f"{width} × {height} pixels are left.", "The ink inside the frame"
        ),
        Picture(
            picture_png(preparation.boxed),
            "Scale to 20 × 20",
            "The longer side fills the box, and the proportions stay. Half-covered pixels become grey.",
            f"The {resources.classes().thing} in 20 by 20 pixels",
        ),
        Picture(
            centred_png(preparation.image),
            "Centre in 28 × 28",
            f"Moved until the centre of mass of the ink (blue: row {row:.1f}, column {column:.1f}) lies where it lies "
            f"in MNIST's images on average (orange: {MIDDLE:.1f}).",
            "The finished image with its 20 by 20 box, its centre of mass and the average one of MNIST",
        ),
    ]
    if subject.photo is not None:
        steps.insert(0, Picture(picture_png(subject.photo), "Your photo", "As it was uploaded.", "The photo"))
    return steps


def _show_careless(subject: Subject, reader: networks.Reader) -> None:
    if subject.picture is None:
        return
    squeezed = naive_resize(subject.picture)
    picture, words = st.columns([1, 4], vertical_alignment="center")
    with picture:
        mosaic.show(picture_png(squeezed), "The whole picture squeezed to 28 by 28 pixels", width_px=_WIDTH_PX)
    words.markdown(
        "**Without the preparation:** the whole picture, squeezed to 28 × 28 pixels. The same network says of it:\n\n"
        f"> {read(reader.network, squeezed, reader.temperature).words(resources.classes())}\n\n"
        f"A network that has seen only centred {resources.classes().plural} of one size mistakes another place or size "
        "for another shape: it knows pixels by their position, and nothing about strokes."
    )


def _offer_proof(reader: networks.Reader) -> None:
    if st.button(f"Compare both on {_COUNT} test digits of random size and place", icon=":material/speed:"):
        prepared, squeezed = preparation_accuracies(reader.network, resources.dataset().test, _COUNT)
        st.markdown(
            f"Prepared as MNIST was, **{percent(prepared, 1)}** of them are read correctly; merely squeezed, only "
            f"**{percent(squeezed, 1)}**."
        )
