"""At a glance: how many people are here, what is running and waiting, and how large the store is."""

import streamlit as st

from pages.shared import calm, presence, resources
from pages.shared.visitor import who

_UPDATE_S = 5.0


def _tiles() -> None:
    counts = resources.store().counts(who=who())
    windows = presence.windows()
    running, waiting = (sum(counts.get((kind, status), 0) for kind in ("run", "task")) for status in _STATUSES)
    tiles: dict[str, int | str] = {
        "People here": len({window.who.identity for window in windows}),
        "Open windows": len(windows),
        "Running": running,
        "Waiting": waiting,
        "Store": f"{resources.store().database.size_bytes() / 1e6:,.1f} MB",
    }
    with st.container(horizontal=True):
        for label, value in tiles.items():
            with st.container(width=150):
                st.metric(label, value)


_STATUSES = ("running", "queued")
show = calm.fragment(_tiles, run_every=_UPDATE_S)
