"""Images as buttons, one of them large with its pixel values, and figures without tools."""

from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from pages.dataset import figures
from pages.shared import image_grid, resources

IMAGE_PX = 640  # greatest width of a picture made of images


def noun() -> str:
    """Return what a class is called in these data, such as "digit"."""
    return resources.classes().noun


def show_figure(figure: go.Figure, key: str, alt: str, *, width: int | Literal["stretch"] = "stretch") -> None:
    """Show a figure that is to be looked at, without the tools to zoom and select."""
    st.plotly_chart(figure, key=key, alt=alt, width=width, config={"displayModeBar": False})


def show_large(split_name: str, index: int) -> None:
    """Show one image large, with its label and pixel values."""
    label = resources.classes().names[figures.split_of(split_name).labels[index]]
    st.markdown(f"Image {index}, label **{label}**. Each number is a grey level: 0 is paper, 255 is ink.")
    figure = figures.pixel_values(split_name, index)
    show_figure(figure, f"large {split_name}", f"Image {index} with the grey level of each pixel")


def show_grid(split_name: str, indices: Sequence[int], *, choice: str, columns: int = 5) -> None:
    """Show images as buttons with their labels; a click puts the image's number into the session state `choice`."""
    split, classes = figures.split_of(split_name), resources.classes()
    chosen = st.session_state.get(choice)
    image_grid.show(
        split.images[indices],
        [f"Image {index}, {classes.caption(split.labels[index])}" for index in indices],
        key=f"grid of {choice}",
        columns=columns,
        captions=[classes.names[split.labels[index]] for index in indices],
        selected=indices.index(chosen) if chosen in indices else -1,
        on_pick=lambda position: st.session_state.update({choice: indices[position]}),
    )
