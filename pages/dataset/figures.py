"""The figures and tables of the Dataset page, each computed once per server.

Figures are cached as resources, not as data: nobody changes them, and a copy at each rerun would cost more than it
protects.
"""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from mnist_core.data import provenance, statistics
from mnist_core.data.dataset import Split
from mnist_core.data.projection import Projection, principal_components
from mnist_core.figures import distribution, heatmaps, intensity, projection
from pages.shared import resources

MAP_COUNT = 3000


def split_of(name: str) -> Split:
    """Return the split called "training" or "test"."""
    data = resources.dataset()
    return data.train if name == "training" else data.test


@st.cache_resource(show_spinner=False)
def class_distribution() -> tuple[pd.DataFrame, go.Figure]:
    """Return how often each class occurs, as a table and as bars."""
    table = statistics.distribution(resources.dataset())
    return table, distribution.class_distribution(table, resources.classes())


@st.cache_resource(show_spinner=False)
def averages(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean and the deviation of each class."""
    return statistics.average_images(split_of(name))


@st.cache_resource(show_spinner=False)
def average_heatmaps(name: str, what: str) -> go.Figure:
    """Draw the ten means (`what` = "mean") or the ten standard deviations."""
    means, deviations = averages(name)
    if what == "mean":
        return heatmaps.class_heatmaps(means, "mean grey level", resources.classes())
    return heatmaps.class_heatmaps(deviations, "standard deviation", resources.classes())


@st.cache_resource(show_spinner=False, max_entries=40)
def difference(name: str, first: int, second: int) -> go.Figure:
    """Draw the mean of class `first` minus that of class `second`."""
    (means, _), names = averages(name), resources.classes().names
    return heatmaps.difference_heatmap(means[first], means[second], (names[first], names[second]))


@st.cache_resource(show_spinner=False)
def intensities(name: str) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Return the grey levels of each class as histograms and as a table."""
    histograms = statistics.intensity_histograms(split_of(name))
    return histograms, statistics.intensity_table(histograms)


@st.cache_resource(show_spinner=False, max_entries=40)
def intensity_histogram(name: str, chosen: tuple[int, ...]) -> go.Figure:
    """Draw the grey levels of all images and of the chosen classes."""
    return intensity.intensity_histogram(intensities(name)[0], chosen, resources.classes())


@st.cache_resource(show_spinner=False)
def ink_map(name: str) -> tuple[int, go.Figure]:
    """Return how many pixels never have ink, and where ink is how often."""
    frequency = statistics.ink_frequency(split_of(name))
    return int(np.count_nonzero(frequency == 0)), heatmaps.ink_map(frequency)


@st.cache_resource(show_spinner="Finding the directions of greatest variance …")
def image_map(name: str) -> tuple[Projection, go.Figure]:
    """Place a few thousand images on their two principal components, as numbers and as points."""
    placed = principal_components(split_of(name), MAP_COUNT)
    return placed, projection.image_map(placed, resources.classes())


@st.cache_resource(show_spinner=False, max_entries=200)
def pixel_values(name: str, index: int) -> go.Figure:
    """Draw one image large with its pixel values."""
    return heatmaps.pixel_values(split_of(name).images[index])


@st.cache_resource(show_spinner=False)
def file_table() -> pd.DataFrame:
    """Return shapes and checksums of the data set's files."""
    return provenance.file_table(resources.dataset())
