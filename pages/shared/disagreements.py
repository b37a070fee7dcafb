"""The test images on which two networks disagree."""

import numpy as np
import streamlit as st

from mnist_core.evaluation.paired import disagreements
from pages.shared import image_grid, resources
from pages.shared.judged import Subject
from pages.shared.plain import plain

_SHOWN = 120


def show_disagreements(first: Subject, second: Subject) -> None:
    """Show the test images to which two networks give different answers."""
    indices, data = disagreements(first.predictions, second.predictions), resources.dataset()
    names, labels = np.array(data.classes.names), first.predictions.labels
    many = "1 image" if len(indices) == 1 else f"{len(indices):,} images"
    st.subheader(f"{many} on which they disagree", anchor=False)
    shown = indices[:_SHOWN]
    if not len(shown):
        st.markdown("They give the same answer to every test image.")
        return
    st.caption(
        f"True {data.classes.noun}: answer of {plain(first.name)} / answer of {plain(second.name)}"
        + (f". The first {_SHOWN} are shown." if len(indices) > _SHOWN else ".")
    )
    said = (labels, first.predictions.predicted, second.predictions.predicted)
    answers = list(zip(*(names[part[shown]] for part in said), strict=True))
    image_grid.show(
        data.test.images[shown],
        [
            f"Test image {index}: true {data.classes.noun} {true}, {first.name} says {a}, {second.name} says {b}"
            for index, (true, a, b) in zip(shown, answers, strict=True)
        ],
        key="disagreements",
        columns=None,
        captions=[f"{true}: {a} / {b}" for true, a, b in answers],
    )
