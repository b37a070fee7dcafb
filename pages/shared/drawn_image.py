"""The visitor's last drawing: made on the Draw page, kept in the session for others that start from it."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

KEY = "drawn_image"  # in the session


def keep(image: NDArray[np.uint8] | None) -> None:
    """Keep the drawing, uint8 (28, 28), prepared as MNIST was; None: there is nothing on the pad."""
    st.session_state[KEY] = image


def last() -> NDArray[np.uint8] | None:
    """Return the last drawing of this session."""
    image: NDArray[np.uint8] | None = st.session_state.get(KEY)
    return image
