"""The ten probabilities as bars that move in place: a chart built again for each stroke would flicker."""

import math
from collections.abc import Sequence

import streamlit as st

from mnist_core.evaluation.reading import Reading
from pages.shared import resources

_HTML = "<table><caption></caption><tbody></tbody></table>"
_CSS = """
table { width: 100%; border-collapse: collapse; color: var(--st-text-color); font: .95rem/1.2 var(--st-font); }
caption { text-align: left; font-size: .85rem; padding-bottom: .35rem; }
caption span { display: inline-block; margin-right: 1rem; }
caption i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .35em; }
th { width: 1.5rem; padding-right: .4rem; white-space: nowrap; text-align: left; font-weight: 600; }
td { padding: 2px 0; }
.line { display: flex; align-items: center; gap: .5rem; }
.track { flex: 1; background: var(--st-secondary-background-color); border-radius: 3px; overflow: hidden; }
.track i { display: block; height: var(--thick); transition: width .15s; }
.share { width: 3.6rem; text-align: right; font-variant-numeric: tabular-nums; font-size: .85rem; }
tr.first th, tr.first .share { font-weight: 700; }
@media (max-width: 640px) { td { padding: 1px 0; } table { font-size: .85rem; line-height: 1; } }
@media (prefers-reduced-motion: reduce) { .track i { transition: none; } }
"""
_JS = """
const COLOURS = ['var(--st-primary-color)', '#D55E00', '#009E73'];
const make = (tag, text = '', name = '') => {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = name;
  return node;
};
function build(table, names, labels) {
  table.caption.replaceChildren(...(names.length < 2 ? [] : names.map((name, index) => {
    const entry = make('span'), mark = make('i');
    mark.style.background = COLOURS[index];
    entry.append(mark, name);
    return entry;
  })));
  table.tBodies[0].replaceChildren(...Array.from({ length: 10 }, (_, digit) => {
    const row = make('tr'), cell = make('td'), label = make('th', labels[digit]);
    label.scope = 'row';
    names.forEach((name, index) => {
      const line = make('div', '', 'line'), track = make('span', '', 'track'), bar = make('i');
      bar.style.background = COLOURS[index];
      bar.style.setProperty('--thick', names.length < 2 ? '.9rem' : '.5rem');
      track.append(bar);
      line.append(track, make('span', '', 'share'));
      cell.append(line);
    });
    row.append(label, cell);
    return row;
  }));
}
export default function ({ data, parentElement }) {
  const table = parentElement.querySelector('table');
  const names = JSON.stringify([data.names, data.labels]);
  if (table.dataset.names !== names) build(table, data.names, data.labels);
  table.dataset.names = names;
  table.dataset.shares = JSON.stringify(data.shares);
  [...table.tBodies[0].rows].forEach((row, digit) => {
    row.className = digit === data.first ? 'first' : '';
    [...row.querySelectorAll('.line')].forEach((line, index) => {
      const share = data.shares[index]?.[digit];
      line.querySelector('i').style.width = `${100 * (share ?? 0)}%`;
      line.querySelector('.share').textContent = share == null ? '\\u2013' : `${(100 * share).toFixed(1)} %`;
    });
  });
}
"""
_bars = st.components.v2.component("mnist_answer_bars", html=_HTML, css=_CSS, js=_JS)


def show(names: Sequence[str], readings: Sequence[Reading]) -> None:
    """Show a bar for each class and reader; no bars if there are no readings.

    Parameters
    ----------
    names
        Who reads, as many as there are readings when there are any; at most three.
    """
    _bars(
        key="bars",
        data={
            "names": list(names),
            "labels": list(resources.classes().names),
            "shares": [[_shown(share) for share in reading.probabilities] for reading in readings],
            "first": readings[0].label if readings else -1,
        },
        height="content",
    )


def _shown(share: float) -> float | None:
    """Return a share as JSON has it, which knows no NaN."""
    return round(float(share), 4) if math.isfinite(share) else None
