"""The head that every page has: its name and one sentence of what it is for."""

import streamlit as st


def head(title: str, purpose: str) -> None:
    """Show the page's title and, in one sentence, its purpose."""
    st.title(title, anchor=False)
    st.markdown(f":gray[{purpose}]")


def text_colour() -> str:
    """Return the colour of the page's text in the visitor's theme, for figures that write on colours of their own."""
    return str(st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"))
