"""A grid of small images, each a button: crisp at any size, by mouse, touch and keyboard (arrow keys, Enter)."""

import base64
import math
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.figures.mosaic import digits_png

_HTML = '<div class="grid" role="group" aria-label="Images: choose one"></div>'
_CSS = """
.grid { display: grid; gap: 4px; padding: 4px; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); }
.grid.fill { grid-template-columns: repeat(auto-fill, minmax(72px, 1fr)); }
button { all: unset; cursor: pointer; border-radius: 3px; display: block; color: var(--st-text-color);
  font: 0.8rem/1.5 var(--st-font); text-align: center; }
i { display: block; aspect-ratio: 1; border-radius: 3px;
  background-size: calc(var(--across) * 100%) calc(var(--down) * 100%);
  image-rendering: pixelated; }
button:hover i { outline: 2px solid var(--st-border-color); }
button:focus-visible i { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
button[aria-pressed=true] i { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
"""
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector('.grid');
  const hadFocus = [...grid.children].findIndex(child => child.matches(':focus'));
  grid.style.setProperty('--columns', data.columns);
  grid.style.setProperty('--across', data.across);
  grid.style.setProperty('--down', data.down);
  grid.classList.toggle('fill', !data.columns);
  grid.style.maxWidth = data.columns ? data.width + 'px' : '';
  // One short address for all buttons: a thousand copies of the picture itself take the browser seconds.
  if (grid.dataset.picture) URL.revokeObjectURL(grid.dataset.picture);
  const bytes = Uint8Array.from(atob(data.png), letter => letter.charCodeAt(0));
  grid.dataset.picture = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }));
  const picture = `url(${grid.dataset.picture})`;
  const position = (place, places) => `${places > 1 ? 100 * place / (places - 1) : 0}%`;
  grid.replaceChildren(...data.labels.map((label, index) => {
    const button = document.createElement('button'), image = document.createElement('i');
    button.type = 'button';
    button.setAttribute('aria-label', label);
    button.setAttribute('aria-pressed', index === data.selected);
    button.title = label;
    button.tabIndex = index === Math.max(data.selected, 0) ? 0 : -1;
    image.style.backgroundImage = picture;
    image.style.backgroundPositionX = position(index % data.across, data.across);
    image.style.backgroundPositionY = position(Math.floor(index / data.across), data.down);
    button.append(image, data.captions[index] ?? '');
    button.onclick = () => setTriggerValue('picked', index);
    return button;
  }));
  grid.onkeydown = event => {
    const columns = getComputedStyle(grid).gridTemplateColumns.split(' ').length;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const buttons = [...grid.children];
    const next = buttons[buttons.findIndex(button => button.matches(':focus')) + steps[event.key]];
    if (!next) return;
    event.preventDefault();
    buttons.forEach(button => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
  };
  grid.children[hadFocus]?.focus();
  return () => { if (!grid.isConnected) URL.revokeObjectURL(grid.dataset.picture); };
}
"""
_IMAGE_PX = 88  # greatest width on the page
_grid = st.components.v2.component("mnist_image_grid", html=_HTML, css=_CSS, js=_JS)


def show(
    images: NDArray[np.uint8],
    labels: Sequence[str],
    *,
    key: str,
    columns: int | None = 5,
    captions: Sequence[str] = (),
    selected: int = -1,
    on_pick: Callable[[int], None] | None = None,
) -> None:
    """Show uint8 (n, 28, 28) images, 0 = paper and 255 = ink, as buttons.

    Parameters
    ----------
    labels
        What each image is, in words, such as "image 12, digit 5": tooltip, and what a screen reader says.
    columns
        Images in a row; None lets as many stand in a row as there is room for.
    captions
        Text to show below each image; none if empty.
    selected
        Position of the image to mark, -1 for none.
    on_pick
        Called with the position of the image that was clicked, before the page runs again.
    """

    def picked() -> None:
        position = st.session_state[key].picked
        if on_pick is not None and position is not None and 0 <= int(position) < len(labels):
            on_pick(int(position))

    # Without gaps, so that a button's background is moved by whole images; nearly square, because browsers limit a
    # picture's width.
    across = max(math.ceil(math.sqrt(len(images))), 1)
    _grid(
        key=key,
        data={
            "png": base64.b64encode(digits_png(images, across, gap=0)).decode("ascii"),
            "across": across,
            "down": max(math.ceil(len(images) / across), 1),
            "labels": list(labels),
            "captions": list(captions),
            "columns": columns or 0,
            "selected": selected,
            "width": _IMAGE_PX * (columns or 0),
        },
        on_picked_change=picked,
        height="content",
    )
