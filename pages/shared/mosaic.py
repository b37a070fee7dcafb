"""Show a grid of small images, crisp at any size, with words for those who cannot see it."""

import html

import streamlit as st

from mnist_core.figures.mosaic import data_url


def show(png: bytes, alt: str, *, width_px: int | None = None) -> None:
    """Show a PNG made by `mnist_core.figures.mosaic` with hard pixel edges.

    Parameters
    ----------
    alt
        What the picture shows, in words.
    width_px
        Greatest width on the page; the page's own width if None.
    """
    limit = f"max-width:{width_px}px;" if width_px else ""
    st.html(
        f'<img src="{data_url(png)}" alt="{html.escape(alt, quote=True)}" '
        f'style="width:100%;{limit}image-rendering:pixelated;display:block">'
    )
