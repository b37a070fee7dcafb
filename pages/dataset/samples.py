"""Random images to look at, and the test images whose labels have not been confirmed."""

import streamlit as st

from mnist_core.data.dataset import CLASSES
from mnist_core.data.samples import sample_indices
from mnist_core.data.unconfirmed import unconfirmed_test_indices
from pages.dataset import figures
from pages.dataset.gallery import noun, show_grid, show_large
from pages.shared import permalink, resources
from pages.shared.words import percent

LAST_SEED = 9999
GRID_COUNT = 25


def show_samples() -> None:
    """Show 25 random images as buttons, and the chosen one large beside them."""
    names = resources.classes().names
    pictures = st.container()
    permalink.check("only", names)
    permalink.check_number("shuffle", 0, LAST_SEED)
    st.pills(
        f"Only one {noun()}",
        range(CLASSES),
        key="only",
        bind="query-params",
        format_func=names.__getitem__,
        on_change=choose_first,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input("Seed", 0, LAST_SEED, 0, key="shuffle", bind="query-params", on_change=choose_first, width=160)
        st.button("Reshuffle", icon=":material/shuffle:", on_click=reshuffle)
    indices = drawn_samples()
    if not indices:
        st.info(f"This set has no image of {resources.classes().one(st.session_state.only)}. Choose another one.")
        return
    grid, large = pictures.columns([2, 3], gap="large")
    with large:
        choose_image(indices[0])
    with grid:
        show_grid(st.session_state.split, indices, choice="image")


def choose_image(default: int) -> None:
    """Ask for the number of an image, and show it large."""
    split_name = st.session_state.split
    last = len(figures.split_of(split_name)) - 1
    permalink.check_number("image", 0, last)
    index = st.number_input("Image number", 0, last, default, key="image", bind="query-params", width=160)
    show_large(split_name, index)


def drawn_samples() -> list[int]:
    """Return which images the sample grid shows, as its controls stand."""
    split = figures.split_of(st.session_state.split)
    return sample_indices(split, st.session_state.get("only"), GRID_COUNT, st.session_state.get("shuffle", 0)).tolist()


def choose_first() -> None:
    """Show the first image of the sample grid large, after another choice of samples."""
    st.session_state.image = next(iter(drawn_samples()), 0)


def reshuffle() -> None:
    """Draw other images: the next seed."""
    st.session_state.shuffle = (st.session_state.shuffle + 1) % (LAST_SEED + 1)
    choose_first()


def unconfirmed() -> list[int]:
    """Return which test images have labels that nobody confirmed; none in other data than MNIST."""
    return unconfirmed_test_indices(resources.dataset()).tolist()


def show_unconfirmed() -> None:
    """Show the test images whose labels human raters did not confirm."""
    indices = unconfirmed()
    share = percent(len(indices) / len(resources.dataset().test))
    st.markdown(
        f"People who looked at these {len(indices)} test images did not agree with their labels "
        "(Northcutt, Athalye and Mueller, 2021). They move a test accuracy by at most "
        f"{share}. The number below each image is its label: what would you say?"
    )
    grid, large = st.columns([2, 3], gap="large")
    with grid:
        show_grid("test", indices, choice="unconfirmed image")
    with large:
        show_large("test", st.session_state.get("unconfirmed image", indices[0]))
