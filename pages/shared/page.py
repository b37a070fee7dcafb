"""The head that every page has: its name and one sentence of what it is for."""

import streamlit as st

from pages.places import Place


def head(place: Place, title: str = "") -> None:
    """Show the page's title, or another one, and in one sentence what the page is for."""
    st.title(title or place.title, anchor=False)
    st.markdown(f":gray[{place.sentence}]")


def text_colour() -> str:
    """Return the colour of the page's text in the visitor's theme, for figures that write on colours of their own."""
    return str(st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"))
