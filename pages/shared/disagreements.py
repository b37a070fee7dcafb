"""The test images on which two networks disagree."""

import streamlit as st

from mnist_core.data.provenance import class_noun
from mnist_core.evaluation.paired import disagreements
from pages.shared import image_grid, resources
from pages.shared.judged import Subject

_SHOWN = 120


def show_disagreements(first: Subject, second: Subject) -> None:
    """Show the test images to which two networks give different answers."""
    indices, data = disagreements(first.predictions, second.predictions), resources.dataset()
    noun, labels = class_noun(data), first.predictions.labels
    st.subheader(f"{len(indices):,} images on which they disagree", anchor=False)
    shown = indices[:_SHOWN]
    if not len(shown):
        return
    st.caption(
        f"True {noun}: answer of {first.name} / answer of {second.name}"
        + (f". The first {_SHOWN} are shown." if len(indices) > _SHOWN else ".")
    )
    answers = [(labels[i], first.predictions.predicted[i], second.predictions.predicted[i]) for i in shown]
    image_grid.show(
        data.test.images[shown],
        [
            f"Test image {index}: true {noun} {true}, {first.name} says {a}, {second.name} says {b}"
            for index, (true, a, b) in zip(shown, answers, strict=True)
        ],
        key="disagreements",
        columns=None,
        captions=[f"{true}: {a} / {b}" for true, a, b in answers],
    )
