"""Dataset: what the network learns from, image by image and in numbers."""

from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from mnist_core.data import provenance
from mnist_core.data.dataset import CLASSES
from mnist_core.data.projection import outermost
from mnist_core.data.samples import sample_indices
from mnist_core.data.unconfirmed import unconfirmed_test_indices
from pages.shared import dataset_figures, image_grid, page, permalink, resources
from pages.shared.words import percent

SPLITS = ("training", "test")
AVERAGES = ("mean", "standard deviation", "difference")
ENDS = ("left", "right", "bottom", "top")
LABELS = [str(label) for label in range(CLASSES)]
LAST_SEED = 9999
GRID_COUNT = 25
IMAGE_PX = 640  # greatest width of a picture made of images
SHOWN_OF_SELECTION = 40

data = resources.dataset()
noun = provenance.class_noun(data)
unconfirmed = unconfirmed_test_indices(data).tolist()


def drawn_samples() -> list[int]:
    """Return which images the sample grid shows, as its controls stand."""
    split = dataset_figures.split_of(st.session_state.split)
    return sample_indices(split, st.session_state.get("only"), GRID_COUNT, st.session_state.get("shuffle", 0)).tolist()


def choose_first() -> None:
    """Show the first image of the sample grid large, after another choice of samples."""
    st.session_state.image = next(iter(drawn_samples()), 0)


def reshuffle() -> None:
    """Draw other images: the next seed."""
    st.session_state.shuffle = (st.session_state.shuffle + 1) % (LAST_SEED + 1)
    choose_first()


def show_figure(figure: go.Figure, key: str, alt: str, *, width: int | Literal["stretch"] = "stretch") -> None:
    """Show a figure that is to be looked at, without the tools to zoom and select."""
    st.plotly_chart(figure, key=key, alt=alt, width=width, config={"displayModeBar": False})


def show_samples() -> None:
    """Show 25 random images as buttons, and the chosen one large beside them."""
    permalink.check("only", LABELS)
    permalink.check_number("shuffle", 0, LAST_SEED)
    st.pills(f"Only one {noun}", range(CLASSES), key="only", bind="query-params", on_change=choose_first)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input("Seed", 0, LAST_SEED, 0, key="shuffle", bind="query-params", on_change=choose_first, width=160)
        st.button("Reshuffle", icon=":material/shuffle:", on_click=reshuffle)
    indices = drawn_samples()
    if not indices:
        st.info(f"This set has no image of {noun} {st.session_state.only}. Choose another one.")
        return
    grid, large = st.columns([2, 3], gap="large")
    with large:
        choose_image(indices[0])
    with grid:
        show_grid(st.session_state.split, indices, choice="image")


def choose_image(default: int) -> None:
    """Ask for the number of an image, and show it large."""
    split_name = st.session_state.split
    last = len(dataset_figures.split_of(split_name)) - 1
    permalink.check_number("image", 0, last)
    index = st.number_input("Image number", 0, last, default, key="image", bind="query-params", width=160)
    show_large(split_name, index)


def show_large(split_name: str, index: int) -> None:
    """Show one image large, with its label and pixel values."""
    label = dataset_figures.split_of(split_name).labels[index]
    st.markdown(f"Image {index}, label **{label}**. Each number is a grey level: 0 is paper, 255 is ink.")
    figure = dataset_figures.pixel_values(split_name, index)
    show_figure(figure, f"large {split_name}", f"Image {index} with the grey level of each pixel")


def show_grid(split_name: str, indices: Sequence[int], *, choice: str, columns: int = 5) -> None:
    """Show images as buttons with their labels; a click puts the image's number into the session state `choice`."""
    split = dataset_figures.split_of(split_name)
    chosen = st.session_state.get(choice)
    image_grid.show(
        split.images[indices],
        [f"Image {index}, {noun} {split.labels[index]}" for index in indices],
        key=f"grid of {choice}",
        columns=columns,
        captions=[str(split.labels[index]) for index in indices],
        selected=indices.index(chosen) if chosen in indices else -1,
        on_pick=lambda position: st.session_state.update({choice: indices[position]}),
    )


def show_distribution() -> None:
    """Show how often each class occurs in both sets."""
    table, figure = dataset_figures.class_distribution()
    show_figure(figure, "distribution", f"Share of each {noun} in the training and the test set")
    formats = {"training count": "{:,}", "test count": "{:,}", "training share": "{:.2%}", "test share": "{:.2%}"}
    shown = table.rename(columns=lambda name: name.replace("_", " ")).rename(columns={"digit": noun})
    st.dataframe(shown.style.format(formats), hide_index=True, height="content")


def show_averages() -> None:
    """Show the ten means, the ten deviations, or the difference of two means."""
    permalink.check("average", AVERAGES)
    what = st.segmented_control("Show the", AVERAGES, default="mean", key="average", bind="query-params", required=True)
    if what != "difference":
        figure = dataset_figures.average_heatmaps(st.session_state.split, what)
        show_figure(figure, "averages", f"The {what} of the images of each {noun}, pixel by pixel", width=IMAGE_PX)
        return
    permalink.check("first", LABELS)
    permalink.check("second", LABELS)
    with st.container(horizontal=True):
        first = st.selectbox(f"Mean {noun}", range(CLASSES), 4, key="first", bind="query-params", width=160)
        second = st.selectbox("minus", range(CLASSES), 9, key="second", bind="query-params", width=160)
    figure = dataset_figures.difference(st.session_state.split, first, second)
    st.markdown(f"Red: more ink in {first}. Blue: more ink in {second}.")
    show_figure(figure, "difference", f"Mean image of {first} minus mean image of {second}", width=IMAGE_PX)


def show_intensities() -> None:
    """Show how grey the pixels are, in a chart, in numbers, and by place."""
    split_name = st.session_state.split
    _, table = dataset_figures.intensities(split_name)
    never, ink_map = dataset_figures.ink_map(split_name)
    everything = table.iloc[0]
    with st.container(horizontal=True):
        st.metric("Mean grey level", f"{everything['mean']:.1f}", border=True, width=176)
        st.metric("Standard deviation", f"{everything['deviation']:.1f}", border=True, width=176)
        st.metric("Pixels with ink", percent(everything["ink_share"], 1), border=True, width=176)
        st.metric("Never inked", f"{never} of 784", border=True, width=176)
    st.subheader("Grey levels", anchor=False)
    permalink.check("levels", LABELS)
    chosen = st.pills(f"Add a {noun}", range(CLASSES), selection_mode="multi", key="levels", bind="query-params")
    figure = dataset_figures.intensity_histogram(split_name, tuple(chosen))
    show_figure(figure, "histogram", "Share of the pixels at each grey level, on a log axis")
    shown = table.rename(columns={"digit": noun, "ink_share": "pixels with ink"})
    formats = {"pixels": "{:,}", "mean": "{:.1f}", "deviation": "{:.1f}", "pixels with ink": "{:.1%}"}
    st.dataframe(shown.style.format(formats), hide_index=True, height="content")
    st.download_button(
        "Table as CSV", table.to_csv(index=False), f"{data.name}-{split_name}-pixels.csv", icon=":material/download:"
    )
    st.subheader("Where ink ever is", anchor=False)
    if never:
        st.markdown(f"Orange: the {never} pixels that never have ink in this set. They can teach the network nothing.")
    else:
        st.markdown("Every pixel has ink in some image of this set.")
    show_figure(
        ink_map, "ink map", f"Share of images with ink at each pixel; {never} pixels never have any", width=IMAGE_PX
    )


@st.fragment
def show_map() -> None:
    """Show images as points on their two principal components, and the images of the points that were selected."""
    st.markdown(
        "Each point is one image. Points are near each other when the images differ little along the two directions "
        f"in which all images differ most. **Draw around points to see their images**, or click one; click a {noun} "
        "in the legend to hide it."
    )
    split_name = st.session_state.split
    placed, figure = dataset_figures.image_map(split_name)
    chart, selection = st.columns([3, 2], gap="large")
    with chart:
        event = st.plotly_chart(
            figure,
            key=f"map of {split_name}",
            on_select="rerun",
            alt=f"{len(placed.indices):,} images as points, one colour and symbol for each {noun}",
        )
    indices = [point["customdata"] for point in event["selection"]["points"]]
    with selection:
        permalink.check("end", ENDS)
        end = st.pills("Or take the images at one end", ENDS, key="end", bind="query-params")
        if end:
            indices = outermost(placed, end, SHOWN_OF_SELECTION).tolist()
        if not indices:
            st.info("Nothing is selected yet: draw around some points.", icon=":material/gesture_select:")
            return
        more = f", the first {SHOWN_OF_SELECTION} shown" if len(indices) > SHOWN_OF_SELECTION else ""
        st.markdown(f"**{len(indices):,} images**{more}")
        shown = indices[:SHOWN_OF_SELECTION]
        show_grid(split_name, shown, choice="mapped image", columns=8)
        chosen = st.session_state.get("mapped image", shown[0])
        show_large(split_name, chosen if chosen in shown else shown[0])


def show_unconfirmed() -> None:
    """Show the test images whose labels human raters did not confirm."""
    st.markdown(
        f"People who looked at these {len(unconfirmed)} test images did not agree with their labels "
        "(Northcutt, Athalye and Mueller, 2021). They move a test accuracy by at most "
        f"{percent(len(unconfirmed) / len(data.test))}. The number below each image is its label: what would you say?"
    )
    grid, large = st.columns([2, 3], gap="large")
    with grid:
        show_grid("test", unconfirmed, choice="unconfirmed image")
    with large:
        show_large("test", st.session_state.get("unconfirmed image", unconfirmed[0]))


def show_source() -> None:
    """Show where the data come from, and how to tell that they are unchanged."""
    if provenance.is_mnist(data):
        st.markdown(f"**Licence.** {provenance.MNIST_LICENCE}")
    st.markdown(f"**Source.** {data.name}, {data.source}.")
    st.markdown("**Fingerprint** of all images and labels; every run keeps that of the data it learnt from:")
    st.code(data.fingerprint, language=None, wrap_lines=True)
    st.markdown("**SHA-256** of the four uncompressed files:")
    st.dataframe(dataset_figures.file_table(), hide_index=True, height="content")


page.head("Dataset", "What the network learns from, image by image and in numbers.")
st.markdown(
    f"**{data.name}**: {len(data.train):,} images to learn from and {len(data.test):,} to judge with, "
    f"each of 28 x 28 pixels and one of {CLASSES} {'digits' if noun == 'digit' else 'classes'}."
)
permalink.check("split", SPLITS)
st.segmented_control(
    "Images of which set",
    SPLITS,
    default="training",
    key="split",
    bind="query-params",
    required=True,
    on_change=choose_first,
)
SECTIONS = {
    "Samples": show_samples,
    f"{noun.capitalize()} counts": show_distribution,
    "Averages": show_averages,
    "Pixels": show_intensities,
    "Map": show_map,
    **({"Unconfirmed labels": show_unconfirmed} if unconfirmed else {}),
    "Source": show_source,
}
permalink.check("view", SECTIONS)
for tab, show in zip(st.tabs(list(SECTIONS), key="view", bind="query-params"), SECTIONS.values(), strict=True):
    if tab.open:
        with tab:
            show()
