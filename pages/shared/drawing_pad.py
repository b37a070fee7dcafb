"""A pad to draw on, with mouse, pen, finger or keyboard."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from mnist_core.data.strokes import Stroke, parse

# Kept apart from the widget's own state, which ends when another page is shown; all pads show the same drawing.
_KEPT = "strokes of the drawing pad"
_HTML = """
<div class="pad">
  <div class="paper">
    <canvas width="280" height="280" tabindex="0" role="application" aria-describedby="keys"
      aria-label="Drawing pad"></canvas>
    <span class="hint">Draw here</span>
  </div>
  <div class="row"><button type="button">Undo</button><button type="button">Clear</button></div>
  <p id="keys">Keys: arrows move the pen, space lowers and lifts it, Backspace undoes, Delete clears.</p>
</div>
"""
_CSS = """
.pad { width: min(100%, 320px); color: var(--st-text-color); font: 1rem var(--st-font); }
.paper { position: relative; }
canvas { display: block; width: 100%; aspect-ratio: 1; box-sizing: border-box; background: #000; cursor: crosshair;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  touch-action: none; user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; }
canvas:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.hint { position: absolute; inset: 0; display: grid; place-items: center; color: #b8c2cb; pointer-events: none; }
.hint[hidden] { display: none; }
.row { display: flex; gap: .5rem; margin-top: .5rem; }
button { flex: 1; min-height: 2.5rem; font: inherit; color: inherit; cursor: pointer;
  background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius); }
button:hover:enabled, button:focus-visible { border-color: var(--st-primary-color); }
button:disabled { opacity: .5; cursor: default; }
p { margin: .5rem 0 0; font-size: .8rem; opacity: .75; }
@media (hover: none) { p { display: none; } }
/* On a phone the buttons stand beside the paper, so that the answer has room below it. */
@media (max-width: 640px) {
  .pad { display: grid; grid-template-columns: minmax(0, 256px) minmax(4.5rem, 1fr); gap: .5rem; width: 100%; }
  .row { flex-direction: column; margin: 0; }
  button { flex: none; }
  p { grid-column: 1 / -1; margin: 0; }
}
"""
_pad = st.components.v2.component(
    "mnist_drawing_pad",
    html=_HTML,
    css=_CSS,
    js=(Path(__file__).parent / "drawing_pad.js").read_text(encoding="utf-8"),
)


def show(key: str, on_cleared: Callable[[], None] = lambda: None) -> list[Stroke]:
    """Show the pad, and return the strokes drawn on it in this session, in pixels of the pad.

    Parameters
    ----------
    on_cleared
        Called when nothing is left on the pad, before the page runs again.
    """

    def keep() -> None:
        st.session_state[_KEPT] = parse(st.session_state[key].strokes)
        if not st.session_state[_KEPT]:
            on_cleared()

    strokes: list[Stroke] = st.session_state.get(_KEPT, [])
    flat = [[number for point in stroke for number in point] for stroke in strokes]
    _pad(key=key, data={"strokes": flat}, default={"strokes": flat}, on_strokes_change=keep, height="content")
    return strokes
