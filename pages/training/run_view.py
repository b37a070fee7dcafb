"""A run as the Training page shows it: followed live while it goes on, still when it has ended."""

import io
import json
from collections.abc import Callable, Sequence

import streamlit as st

from mnist_core.errors import StoreError
from mnist_core.keras_twin import is_installed, to_keras_file
from mnist_core.runs import Run
from pages.places import BACKPROPAGATION, DRAW, EVALUATION
from pages.shared import calm, resources, run_header
from pages.shared.histories import history as history_of
from pages.shared.visitor import who
from pages.training import picture, run_charts

# Seconds between updates. A paused run is looked at as well: somebody may resume it from another window.
_PACE_S = {"queued": 1.0, "running": 1.0, "paused": 2.0}
_NETWORK_PACE_S = 4.0

WAYS_ON = (
    (EVALUATION.path, "See where it fails", "fact_check"),
    (DRAW.path, "See it read your drawing", "draw"),
    (BACKPROPAGATION.path, "Follow one update", "account_tree"),
)


def show_curves(run: Run, others: Sequence[Run]) -> None:
    """Show how `run` is going and its curves, with those of `others` beside them."""
    _follow(_main_part, _PACE_S.get(run.status), run, others)


def show_details(run: Run, others: Sequence[Run]) -> None:
    """Show what else there is to a run: numbers, the network, files, and where to go next."""
    pace_s = _PACE_S.get(run.status)
    _follow(_numbers_part, pace_s, run, others)
    _follow(_network_part, None if pace_s is None else _NETWORK_PACE_S, run, others)
    if run.status == "finished":
        _ways_on(run)


def _follow(part: Callable[..., None], pace_s: float | None, run: Run, others: Sequence[Run]) -> None:
    """Show a part of the page and, with a pace, update it alone, without running the whole page again."""
    calm.fragment(part, run_every=pace_s)(run.id, run.status, others)


def _main_part(run_id: str, known_status: str, others: Sequence[Run]) -> None:
    run = _reread(run_id)
    if _PACE_S.get(run.status) != _PACE_S.get(known_status):
        st.rerun()  # the whole page once, because another pace is due, or none any more
    history = history_of(run_id)
    with st.container(gap="xsmall"):
        run_header.head(run)
        if run.has_ended:
            run_header.verdict(run, history)
        else:
            run_header.progress(run, history)
        picture.show(run, others)
    run_header.tiles(run, history)


def _numbers_part(run_id: str, _: str, __: Sequence[Run]) -> None:
    run, history = _reread(run_id), history_of(run_id)
    run_charts.diagnostics(run, history)
    run_charts.table(run, history)


def _network_part(run_id: str, _: str, __: Sequence[Run]) -> None:
    run = _reread(run_id)
    run_charts.kernels(run)
    _downloads(run)


def _ways_on(run: Run) -> None:
    st.subheader("What to do next", anchor=False)
    with st.container(horizontal=True):
        for page, words, icon in WAYS_ON:
            st.page_link(page, label=words, icon=f":material/{icon}:", query_params={"run": run.id})


def _reread(run_id: str) -> Run:
    try:
        return resources.store().get(run_id, who=who())
    except StoreError:
        st.rerun()  # it was deleted: the page says so


def _downloads(run: Run) -> None:
    """Offer the network, the history and the config as files, read only when they are asked for."""
    store, me = resources.store(), who()

    def model() -> bytes:
        file = io.BytesIO()
        store.network(run.id, who=me).save(file)
        return file.getvalue()

    def keras_model() -> bytes:
        return to_keras_file(store.network(run.id, who=me))

    def history() -> bytes:
        return store.history(run.id, who=me).to_csv(index=False).encode()

    config = json.dumps(run.config.model_dump(mode="json"), indent=2)
    with st.container(horizontal=True):
        if store.snapshot_epochs(run.id, who=me):
            _file("Model .npz", model, f"{run.name}.npz", "application/octet-stream")
            if is_installed():
                _file("Model .keras", keras_model, f"{run.name}.keras", "application/octet-stream")
        _file("History .csv", history, f"{run.name}.csv", "text/csv")
        _file("Config .json", config, f"{run.name}.json", "application/json")


def _file(label: str, data: Callable[[], bytes] | str, name: str, mime: str) -> None:
    st.download_button(label, data, name, mime, icon=":material/download:", on_click="ignore")
