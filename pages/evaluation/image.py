"""One test image in detail: all ten probabilities, and the training images most like it."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.figures.answer import answer_bars
from mnist_core.figures.mosaic import digits_png
from pages.shared import image_grid, mosaic, resources
from pages.shared.judged import Subject
from pages.shared.nearest import nearest_images
from pages.shared.words import percent

_NEIGHBOURS = 6


def grid(subject: Subject, indices: NDArray[np.intp], *, key: str, selected: int | None) -> None:
    """Show test images as buttons with true and predicted class and probability; a click puts one's index into `key`.

    Parameters
    ----------
    selected
        Index of the image to mark.
    """
    answers, classes = subject.predictions, resources.classes()
    triples = [
        (classes.names[answers.labels[i]], classes.names[answers.predicted[i]], answers.confidences[i]) for i in indices
    ]
    places = np.flatnonzero(indices == selected)
    image_grid.show(
        resources.dataset().test.images[indices],
        [
            f"Test image {index}: true {classes.noun} {true}, predicted {predicted} with {probability:.1%}"
            for index, (true, predicted, probability) in zip(indices, triples, strict=True)
        ],
        key=f"grid of {key}",
        columns=None,
        captions=[f"{true} → {predicted} · {probability:.0%}" for true, predicted, probability in triples],
        selected=int(places[0]) if len(places) else -1,
        on_pick=lambda place: st.session_state.update({key: int(indices[place])}),
    )


def detail(subject: Subject, index: int, *, key: str) -> None:
    """Show a test image large, its ten probabilities, and its nearest training images."""
    data, answers = resources.dataset(), subject.predictions
    classes, image, true = data.classes, data.test.images[index], int(answers.labels[index])
    noun = classes.noun
    st.markdown(
        f"**Test image {index}**: true {noun} **{classes.names[true]}**, predicted "
        f"**{classes.names[answers.predicted[index]]}** with "
        f"{percent(answers.confidences[index], 1)}. Cost {answers.costs[index]:.2f}, margin to the second {noun} "
        f"{percent(answers.margins[index], 1)}."
    )
    large, bars, like = st.columns([2, 4, 4], gap="medium")
    with large:
        mosaic.show(digits_png(image[None], 1), f"Test image {index}, {classes.one(true)}", width_px=200)
    with bars:
        st.plotly_chart(
            answer_bars(answers.probabilities[index], true, classes),
            key=f"bars of {key}",
            config={"displayModeBar": False},
            alt=f"Probability of each {noun} for test image {index}",
        )
    with like:
        _neighbours(image, key)


def _neighbours(image: NDArray[np.uint8], key: str) -> None:
    data = resources.dataset()
    indices, distances = nearest_images().find(image, _NEIGHBOURS)
    found = [(i, data.classes.names[data.train.labels[i]], d) for i, d in zip(indices, distances, strict=True)]
    st.markdown("**Most similar training images**, with label and distance")
    image_grid.show(
        data.train.images[indices],
        [f"Training image {i}, label {label}, distance {d:.2f}" for i, label, d in found],
        key=f"neighbours of {key}",
        columns=None,
        captions=[f"{label} · {d:.1f}" for _, label, d in found],
    )
