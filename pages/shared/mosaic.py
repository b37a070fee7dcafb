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


_TILES = """<style>
.tiles { display: grid; gap: 2px; max-width: 928px; grid-template-columns: repeat(auto-fill, minmax(46px, 1fr)); }
.tiles i { aspect-ratio: 1; image-rendering: pixelated; }
</style>"""


def show_tiles(png: bytes, count: int, columns: int, alt: str) -> None:
    """Show a grid of images so that as many stand in a row as there is room for, none too small to be seen.

    Parameters
    ----------
    png
        Of `count` images, `columns` a row, without gaps between them.
    alt
        What the picture shows, in words.
    """
    rows = -(-count // columns)
    tiles = "".join(
        f'<i style="background-position:{_share(index % columns, columns)} {_share(index // columns, rows)}"></i>'
        for index in range(count)
    )
    picture = f".tiles i {{ background: url({data_url(png)}); background-size: {100 * columns}% {100 * rows}%; }}"
    st.html(
        f"{_TILES}<style>{picture}</style>"
        f'<div class="tiles" role="img" aria-label="{html.escape(alt, quote=True)}">{tiles}</div>'
    )


def _share(place: int, places: int) -> str:
    return f"{100 * place / max(places - 1, 1):.4f}%"
