"""The verdict in five numbers, and what the test set is for."""

import streamlit as st

from pages.shared import glossary
from pages.shared.glossary import means
from pages.shared.judged import Subject
from pages.shared.words import percent, percent_range


def show(subject: Subject) -> None:
    """Show accuracy, interval, errors, cost, and the accuracy on confirmed labels."""
    evaluation, confirmed = subject.evaluation, subject.confirmed
    tiles = [
        ("Test accuracy", percent(evaluation.accuracy), f"{means('accuracy')} Here, of the test images."),
        (
            "95 % interval",
            percent_range(*evaluation.interval),
            "Wilson interval: on new images of the same kind, its accuracy most likely lies in this range.",
        ),
        ("Errors", f"{evaluation.errors:,}", f"How many of the {evaluation.count:,} test images it misreads."),
        ("Mean cost", f"{evaluation.cost:.4f}", f"{means('cost')} Guessing would cost 2.3026."),
    ]
    if confirmed is not None:
        aside = evaluation.count - confirmed.count
        words = f"Accuracy on {confirmed.count:,} images: human raters did not confirm the labels of the other {aside}."
        tiles.append(("Confirmed labels", percent(confirmed.accuracy), words))
    with st.container(horizontal=True, gap="small"):
        for label, value, explanation in tiles:
            st.metric(label, value, help=explanation, width="content")


def show_purpose() -> None:
    """Say what the test set is for."""
    glossary.caption(
        "The [[test set]] is for judging a finished run: it is not used before that, and nothing on this page feeds "
        "back into training. If you choose a recipe by these numbers, you can no longer trust them. Hold out "
        "validation images to choose by."
    )
