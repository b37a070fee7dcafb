"""Dataset: what the network learns from, image by image and in numbers."""

import streamlit as st

from mnist_core.data import provenance
from mnist_core.data.dataset import CLASSES
from pages.dataset import figures, image_map, numbers, samples
from pages.places import DATASET
from pages.shared import glossary, page, permalink, resources

SPLITS = ("training", "test")
data = resources.dataset()
classes = data.classes


def show_source() -> None:
    """Show where the data comes from, and how to tell that it is unchanged."""
    if provenance.is_mnist(data):
        st.markdown(f"**Licence.** {provenance.MNIST_LICENCE}")
    st.markdown(f"**Source.** {data.name}, {data.source}.")
    st.markdown(
        "**Fingerprint** of all images and labels. Every run records the one of the data that it has learnt from:"
    )
    st.code(data.fingerprint, language=None, wrap_lines=True)
    st.markdown("**SHA-256** of the four uncompressed files:")
    st.dataframe(figures.file_table(), hide_index=True, height="content")


page.head(DATASET)
permalink.check("split", SPLITS)
with st.container(horizontal=True, vertical_alignment="center"):
    st.segmented_control(
        "Images of which set",
        SPLITS,
        default="training",
        key="split",
        bind="query-params",
        required=True,
        on_change=samples.choose_first,
        label_visibility="collapsed",
    )
    glossary.show(
        f"**{data.name}**: {len(data.train):,} images to learn from and a [[test set]] of {len(data.test):,}, "
        f"28 × 28 pixels each, of {CLASSES} {classes.plural}.",
        width="content",
    )
SECTIONS = {
    "Samples": samples.show_samples,
    f"{classes.noun.capitalize()} counts": numbers.show_distribution,
    "Averages": numbers.show_averages,
    "Pixels": numbers.show_intensities,
    "Map": image_map.show_map,
    **({"Unconfirmed labels": samples.show_unconfirmed} if samples.unconfirmed() else {}),
    "Source": show_source,
}
permalink.check("view", SECTIONS)
for tab, show in zip(st.tabs(list(SECTIONS), key="view", bind="query-params"), SECTIONS.values(), strict=True):
    if tab.open:
        with tab:
            show()
