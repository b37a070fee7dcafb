"""The card of one run: how it ended, what went into it, and whether repeating it gives the same network."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mnist_core.runs import Run
from mnist_core.runs.comparison import is_identical, repeats, settings_table
from pages.runs import actions
from pages.shared import run_header
from pages.shared.histories import history as history_of
from pages.shared.words import local_time, percent

_VERDICTS = {True: "bit-identical", False: "different"}


def show(run: Run, runs: Sequence[Run]) -> None:
    """Show the card of `run`, which is one of all `runs`."""
    run_header.title(run)
    if run.notes:
        st.text(run.notes)
    run_header.outcome(run)
    actions.show(run)
    run_header.tiles(run, history_of(run.id))
    _repeats(run, runs)
    settings, provenance = st.columns(2, gap="large")
    with settings:
        st.subheader("Settings", anchor=False)
        st.dataframe(settings_table(run.config), hide_index=True, height="content")
    with provenance:
        st.subheader("Provenance", anchor=False)
        st.dataframe(_provenance(run), hide_index=True, height="content")
        st.markdown("SHA-256 of the final weights; equal hashes mean bit-identical networks:")
        st.code(run.weights_sha256 or "no final weights", language=None, wrap_lines=True)


def _repeats(run: Run, runs: Sequence[Run]) -> None:
    """Say whether runs of the same recipe, seed and data ended with the same weights, bit by bit."""
    others = repeats(run, runs)
    if not others:
        st.caption(
            "No other run has the same recipe, seed and data. “Run again” shows whether it ends with the same weights."
        )
        return
    verdicts = [is_identical(run, other) for other in others]
    if False in verdicts:
        st.warning(
            "Not every run of the same recipe, seed and data ended with the same weights. Another version of NumPy, "
            "another processor or another number of threads adds the same numbers in another order, and so rounds "
            "differently."
        )
    elif True in verdicts:
        st.success("Repeated with the same recipe, seed and data: the weights are bit-identical.")
    else:
        st.info(
            "There is another run of the same recipe, seed and data. Once both have finished, their weights are "
            "compared."
        )
    table = pd.DataFrame(
        {
            "Run": [other.name for other in others],
            "Status": [other.status for other in others],
            "Weights": [_weights(other, verdict) for other, verdict in zip(others, verdicts, strict=True)],
            "Test accuracy": [percent(other.test_accuracy) for other in others],
            "Threads": [other.threads for other in others],
            "SHA-256": [other.weights_sha256 for other in others],
        }
    )
    st.dataframe(table, hide_index=True, height="content")


def _weights(other: Run, is_same: bool | None) -> str:
    """Say whether a repeat has the same weights, or why that is not known."""
    if is_same is not None:
        return _VERDICTS[is_same]
    return "no final weights" if other.has_ended and other.status != "finished" else "not finished yet"


def _provenance(run: Run) -> pd.DataFrame:
    facts = {
        "Data": run.dataset_name,
        "Data fingerprint": run.dataset_fingerprint,
        "Threads": "" if run.threads is None else str(run.threads),
        **{f"{library} version": version for library, version in run.versions.items()},
        "Queued": local_time(run.created_at_utc),
        "Ended": "" if run.finished_at_utc is None else local_time(run.finished_at_utc),
        "Run": run.id,
    }
    return pd.DataFrame({"Fact": list(facts), "Value": list(facts.values())})
