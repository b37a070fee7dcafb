"""The epochs of runs, kept between updates, so that each update reads from the store only what is new.

They are kept for all who may see a run: whoever asks has read the run as themselves before.
"""

from dataclasses import dataclass, field
from threading import Lock

import pandas as pd
import streamlit as st

from mnist_core.figures.curves import Curves, curves
from mnist_core.runs import OPERATOR, Run
from mnist_core.training.split import images_per_epoch
from mnist_core.training.tally import POINTS_OF_A_RUN
from pages.shared import resources


@dataclass
class _Kept:
    frame: pd.DataFrame
    lock: Lock = field(default_factory=Lock)


@st.cache_resource(max_entries=64, show_spinner=False)
def _kept(run_id: str) -> _Kept:
    return _Kept(resources.store().history(run_id, who=OPERATOR))


def history(run_id: str) -> pd.DataFrame:
    """Return all epochs of a run so far: a table of `RunStore.history`, not to be changed."""
    kept = _kept(run_id)
    with kept.lock:
        last = -1 if kept.frame.empty else int(kept.frame.epoch.iloc[-1])
        new = resources.store().history(run_id, last, who=OPERATOR)
        if len(new):
            kept.frame = pd.concat([kept.frame, new], ignore_index=True) if len(kept.frame) else new
        return kept.frame


def curves_of(run: Run) -> Curves:
    """Return the curves of a run so far, with the points within its epochs where it has such."""
    has_points = 2 * run.config.epochs <= POINTS_OF_A_RUN
    points = resources.store().points(run.id, who=OPERATOR) if has_points else None
    return curves(history(run.id), points, images_per_epoch(run.config, resources.dataset()))
