"""Pictures side by side with a title and a sentence each; they wrap where there is no room."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from mnist_core.figures.mosaic import data_url

_STYLE = """<style>
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; }
.pictures figure { margin: 0; width: var(--width); max-width: 100%; }
.pictures img { width: 100%; display: block; border-radius: 4px; image-rendering: pixelated; }
.pictures.square img { aspect-ratio: 1; object-fit: contain; background: #000; }
.pictures figcaption { font-size: .85rem; line-height: 1.35; margin-top: .35rem; overflow-wrap: anywhere; }
.pictures b { font-weight: 600; }
</style>"""


@dataclass(frozen=True)
class Picture:
    """A PNG with its title, a sentence on it, and what it shows in words for those who cannot see it."""

    png: bytes
    title: str
    caption: str
    alt: str


def show(pictures: Sequence[Picture], width_px: int, *, square: bool = False) -> None:
    """Show pictures in a row, each `width_px` wide; as high as they are wide, on black, if `square`."""
    figures = "".join(
        f'<figure><img src="{data_url(one.png)}" alt="{html.escape(one.alt, quote=True)}">'
        f"<figcaption><b>{html.escape(one.title)}</b><br>{html.escape(one.caption)}</figcaption></figure>"
        for one in pictures
    )
    kind = "pictures square" if square else "pictures"
    st.html(f'{_STYLE}<div class="{kind}" style="--width:{width_px}px">{figures}</div>')
