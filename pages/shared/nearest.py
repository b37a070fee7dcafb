"""The training images most like a given one."""

import streamlit as st

from mnist_core.evaluation.neighbours import NearestImages
from pages.shared import resources


@st.cache_resource(max_entries=1, show_spinner="Preparing the training images ...")
def nearest_images() -> NearestImages:
    """Return the finder of training images, which every page shares."""
    return NearestImages(resources.dataset().train)
