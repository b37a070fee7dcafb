"""How long a step? The cost after one step, for every learning rate along the same gradient."""

import hashlib

import pandas as pd
import streamlit as st

from mnist_core.figures.update import step_sizes
from mnist_core.lessons.one_update import OneUpdate
from mnist_core.lessons.step_sizes import CROWD, first, image_curve
from pages.backpropagation.draw import chart
from pages.shared import glossary, resources


def show(update: OneUpdate, noun: str) -> None:
    """Show the curve of costs and what the chosen learning rate does."""
    glossary.show(
        "The [[gradient]] says which way to go, the [[learning rate]] how far. Move the slider **Learning rate**: the "
        "green line shows where the step ends."
    )
    curve = _curve(update)
    names = {"image": "this image", "others": f"{CROWD} training images, by the same step"}
    chart(step_sizes(curve, names, update.learning_rate), "Cost after one step against the learning rate, on log axes")
    chosen = curve[curve["learning_rate"] == update.learning_rate].iloc[0]
    left, middle, right = st.columns(3)
    left.metric("This image, before", f"{update.cost:.4g}")
    middle.metric("This image, after", f"{update.cost_after:.4g}")
    right.metric(f"{CROWD} images, after", f"{chosen['others']:.4g}")
    st.markdown(
        "A long step along one image's gradient can make that image perfect and ruin all others: the solid line falls "
        "while the dashed one climbs. That is why training averages the gradient over many images before it steps."
    )


def _digest(update: OneUpdate) -> str:
    """Tell updates of another network, image or label apart; the learning rate does not change the curve."""
    digest = hashlib.sha256(repr((update.before.layer_sizes, update.before.activation, update.label)).encode())
    digest.update(update.before.parameters.data)
    digest.update(update.x.data)
    return digest.hexdigest()


@st.cache_data(show_spinner="Taking 25 steps …", max_entries=50, hash_funcs={OneUpdate: _digest})
def _curve(update: OneUpdate) -> pd.DataFrame:
    return image_curve(update, first(resources.dataset().train))
