"""Draw a digit: what a network reads in it, how it was prepared for the network, and why the answer is what it is."""

import streamlit as st

from mnist_core.data.drawing import Image
from mnist_core.evaluation.reading import read
from pages.draw import inside_view, nudge_view, readers, result_view, sources, steps_view
from pages.places import BACKPROPAGATION, DRAW
from pages.shared import calm, drawn_image, network_view, networks, page, resources
from pages.shared.nearest import nearest_images

page.head(DRAW)


# A fragment, so that a stroke reruns no more than what depends on it.
@calm.fragment
def show() -> None:
    """Show the digit's source and the answer, then who reads and the sliders, then everything behind the answer."""
    source, answer = st.columns([2, 3], gap="medium")
    with source:
        subject = sources.choose()
    result = answer.container()
    who = readers.choose()
    change = nudge_view.choose()
    image, why_not = nudge_view.apply(subject, change)
    drawn_image.keep(image)
    if subject.awaits_guess and who:
        with result:
            result_view.ask_for_guess()
        return
    readings = [] if image is None else [read(reader.network, image, reader.temperature) for reader in who]
    with result:
        result_view.show(who, readings, image, why_not)
        result_view.show_remarks(subject, readings, nudge_view.in_words(change))
    if subject.image is None or image is None or not who:
        return
    _show_flow(who[0], image, subject.truth)
    nudge_view.show_curves(who[0], subject.image, change)
    if subject.preparation is not None:
        steps_view.show(subject, subject.preparation, who[0])
    inside_view.show(who[0], readings[0], image)
    meant = {} if subject.truth is None else {"meant": resources.classes().names[subject.truth]}
    st.page_link(
        BACKPROPAGATION.path,
        label="Learn from this image: one update, step by step",
        icon=":material/school:",
        query_params={"picked": "My drawing", "run": who[0].link, **meant},
    )


def _show_flow(reader: networks.Reader, image: Image, truth: int | None) -> None:
    st.subheader("How it flows through the network", anchor=False)
    if reader.temperature is not None:
        st.caption("The percentages in the picture are the network's own, before they are calibrated.")
    network_view.show(reader.network, image, key="draw network", label=truth, config=reader.config)


show()
# Takes a second once per server: better now, while the visitor looks at the pad, than after the first stroke.
nearest_images()
