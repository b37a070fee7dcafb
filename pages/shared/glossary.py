"""Words of the field, explained where they stand: hovered, tapped or reached by Tab, a word shows its one sentence.

In a text, ``[[cost]]`` or ``[[epochs|epoch]]`` (as it reads | as the glossary has it) marks the first place on a page
where a newcomer would stop; `show` and `caption` show such a text. Whatever has a ``help`` of its own, such as a
figure or a heading, takes ``help=means("cost")``. The sentences are those of `mnist_core.lessons.glossary`.
"""

import html
import re
from typing import Literal

import streamlit as st

from mnist_core.lessons.glossary import GLOSSARY

_MARKED = re.compile(r"\[\[([^\[\]|]+)(?:\|([^\[\]|]+))?\]\]")


def means(term: str) -> str:
    """Return the sentence of a term, for the ``help`` of a figure, a heading or a widget."""
    return GLOSSARY[term]


def show(text: str, *, width: Literal["auto", "content"] = "auto") -> None:
    """Show Markdown whose marked words explain themselves. What a person typed in it must be `plain`."""
    st.markdown(explained(text), unsafe_allow_html=True, width=width)


def caption(text: str) -> None:
    """Show a caption whose marked words explain themselves. What a person typed in it must be `plain`."""
    st.caption(explained(text), unsafe_allow_html=True)


def explained(text: str) -> str:
    """Return a text with its marked words as HTML, which `pages/shared/window.css` draws."""
    return _MARKED.sub(_as_html, text)


def _as_html(mark: re.Match[str]) -> str:
    shown, term = mark[1], mark[2] or mark[1].lower()
    sentence = html.escape(GLOSSARY[term])
    return (
        f'<dfn tabindex="0" aria-description="{sentence}">{html.escape(shown)}'
        f'<span aria-hidden="true">{sentence}</span></dfn>'
    )
