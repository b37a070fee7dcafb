"""The head that every page has: its name and one sentence of what it is for."""

import streamlit as st


def head(title: str, purpose: str) -> None:
    """Show the page's title and, in one sentence, its purpose."""
    st.title(title, anchor=False)
    st.markdown(f":gray[{purpose}]")
