"""The data in numbers: how often each class occurs, its average image, and how grey its pixels are."""

import streamlit as st

from mnist_core.data.dataset import CLASSES
from pages.dataset import figures
from pages.dataset.gallery import IMAGE_PX, noun, show_figure
from pages.shared import permalink, resources
from pages.shared.words import percent

AVERAGES = ("mean", "standard deviation", "difference")


def show_distribution() -> None:
    """Show how often each class occurs in both sets."""
    table, figure = figures.class_distribution()
    show_figure(figure, "distribution", f"Share of each {noun()} in the training and the test set")
    formats = {"training count": "{:,}", "test count": "{:,}", "training share": "{:.2%}", "test share": "{:.2%}"}
    shown = table.rename(columns=lambda name: name.replace("_", " ")).rename(columns={"digit": noun()})
    shown[noun()] = list(resources.classes().names)
    st.dataframe(shown.style.format(formats), hide_index=True, height="content")


def show_averages() -> None:
    """Show the ten means, the ten deviations, or the difference of two means."""
    permalink.check("average", AVERAGES)
    what = st.segmented_control("Show the", AVERAGES, default="mean", key="average", bind="query-params", required=True)
    if what != "difference":
        figure = figures.average_heatmaps(st.session_state.split, what)
        show_figure(figure, "averages", f"The {what} of the images of each {noun()}, pixel by pixel", width=IMAGE_PX)
        return
    names = resources.classes().names
    permalink.check("first", names)
    permalink.check("second", names)
    with st.container(horizontal=True):
        first, second = (
            st.selectbox(
                label,
                range(CLASSES),
                default,
                key=key,
                bind="query-params",
                format_func=names.__getitem__,
                width=160,
            )
            for label, default, key in ((f"Mean {noun()}", 4, "first"), ("minus", 9, "second"))
        )
    figure = figures.difference(st.session_state.split, first, second)
    st.markdown(f"Orange: more ink in {names[first]}. Blue: more ink in {names[second]}.")
    show_figure(
        figure, "difference", f"Mean image of {names[first]} minus mean image of {names[second]}", width=IMAGE_PX
    )


def show_intensities() -> None:
    """Show how grey the pixels are, in a chart, in numbers, and by place."""
    split_name = st.session_state.split
    _, table = figures.intensities(split_name)
    never, ink_map = figures.ink_map(split_name)
    everything = table.iloc[0]
    with st.container(horizontal=True):
        st.metric("Mean grey level", f"{everything['mean']:.1f}", border=True, width=176)
        st.metric("Standard deviation", f"{everything['deviation']:.1f}", border=True, width=176)
        st.metric("Pixels with ink", percent(everything["ink_share"], 1), border=True, width=176)
        st.metric("Never inked", f"{never} of 784", border=True, width=176)
    st.subheader("Grey levels", anchor=False)
    names = resources.classes().names
    permalink.check("levels", names)
    chosen = st.pills(
        f"Add a {noun()}",
        range(CLASSES),
        selection_mode="multi",
        key="levels",
        bind="query-params",
        format_func=names.__getitem__,
    )
    figure = figures.intensity_histogram(split_name, tuple(chosen))
    show_figure(figure, "histogram", "Share of the pixels at each grey level, on a log axis")
    table = table.rename(columns={"digit": noun()}).assign(**{noun(): ["all", *names]})
    shown = table.rename(columns={"ink_share": "pixels with ink"})
    formats = {"pixels": "{:,}", "mean": "{:.1f}", "deviation": "{:.1f}", "pixels with ink": "{:.1%}"}
    st.dataframe(shown.style.format(formats), hide_index=True, height="content")
    st.download_button(
        "Table as CSV",
        table.to_csv(index=False),
        f"{resources.dataset().name}-{split_name}-pixels.csv",
        icon=":material/download:",
    )
    st.subheader("Where there is ink", anchor=False)
    if never:
        st.markdown(
            f"Orange: the {never} pixels that have no ink in any image of this set. The network can learn nothing from "
            "them."
        )
    else:
        st.markdown("Every pixel has ink in at least one image of this set.")
    show_figure(
        ink_map, "ink map", f"Share of images with ink at each pixel; {never} pixels never have any", width=IMAGE_PX
    )
