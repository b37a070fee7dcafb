"""The head that every page has: its name and one sentence of what it is for."""

from dataclasses import replace

import streamlit as st

from mnist_core.data.classes import DIGITS
from pages.places import Place
from pages.shared import resources


def head(place: Place, title: str = "") -> None:
    """Show the page's title, or another one, and in one sentence what the page is for."""
    with st.container(gap=None):
        st.title(title or in_words(place).title, anchor=False)
        sentence(place)


def sentence(place: Place) -> None:
    """Show in one sentence what the page is for."""
    st.markdown(f":gray[{in_words(place).sentence}]")


def in_words(place: Place) -> Place:
    """Return a place whose title and sentence speak of what the data set's images show: a digit, or a picture."""
    try:
        thing = resources.classes().thing
    except Exception:  # the frame is around the page, which meets the same and says what is wrong
        thing = DIGITS.thing
    return replace(place, title=place.title.format(thing=thing), sentence=place.sentence.format(thing=thing))


def text_colour() -> str:
    """Return the colour of the page's text in the visitor's theme, for figures that write on colours of their own."""
    return _colour("textColor")


def background_colour() -> str:
    """Return the colour of the page in the visitor's theme, for what floats above it."""
    return _colour("backgroundColor")


def _colour(name: str) -> str:
    return str(st.get_option(f"theme.{st.context.theme.type or 'light'}.{name}"))
