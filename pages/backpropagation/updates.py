"""The update that the page is about, computed once, and in words."""

import numpy as np
import streamlit as st

from mnist_core.lessons.one_update import OneUpdate, compute_update
from mnist_core.training.config import TrainingConfig
from pages.backpropagation.image_choice import ChosenImage
from pages.backpropagation.network_choice import ChosenNetwork, network_of
from pages.shared import resources
from pages.shared.words import percent

# Fields of a recipe that the update shown here leaves out, and what to call them.
LEFT_OUT = {
    "dropout": "dropout",
    "label_smoothing": "label smoothing",
    "weight_decay": "weight decay",
    "momentum": "momentum",
}


def compute(network: ChosenNetwork, image: ChosenImage, learning_rate: float) -> OneUpdate:
    """Return the update of a network by an image."""
    return _compute(network.key, image.pixels.tobytes(), image.label, learning_rate)


@st.cache_resource(show_spinner=False, max_entries=3)
def _compute(key: tuple[str, ...], pixels: bytes, label: int, learning_rate: float) -> OneUpdate:
    image = np.frombuffer(pixels, np.uint8).reshape(28, 28)
    return compute_update(network_of(key), image, label, learning_rate)


def describe(update: OneUpdate, network: ChosenNetwork, image: ChosenImage) -> str:
    """Say how the network reads the image before the update."""
    answer, classes = int(update.probabilities.argmax()), resources.classes()
    surely = _share(update.probabilities[answer])
    words = f"**{network.words}** reads {image.words}, as **{classes.one(answer)}** ({surely})"
    if answer == update.label:
        return f"{words}, which is right. The cost is {update.cost:.4g}."
    truth = _share(update.probabilities[update.label])
    return f"{words}. It gives {truth} to {classes.names[update.label]}, so the cost is {update.cost:.4g}."


def _share(probability: float) -> str:
    """Return "23.5 %" in one piece, which no line break parts."""
    return percent(float(probability), 1).replace(" ", "\u00a0")


def left_out(config: TrainingConfig) -> str:
    """Say what a recipe does beyond the update shown here, or ""."""
    extras = [name for field, name in LEFT_OUT.items() if getattr(config, field)]
    if config.optimizer not in {"sgd", "momentum"}:
        extras.insert(0, config.optimizer)
    if not extras:
        return ""
    return f"This run was also trained with {', '.join(extras)}; the step shown is plain gradient descent on one image."
