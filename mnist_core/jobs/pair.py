"""Pairs: a NumPy run and a Keras run of one recipe, trained one after the other on one worker."""

import secrets

from mnist_core.errors import LimitError
from mnist_core.jobs.engine import Engine
from mnist_core.runs import Run, RunStore, Who
from mnist_core.training.config import TrainingConfig


def submit_pair(engine: Engine, config: TrainingConfig, *, who: Who) -> str:
    """Queue both runs of a pair and return the id of the NumPy run.

    Raises
    ------
    LimitError
        As of `Engine.submit`; then neither run is queued.
    """
    pair_id = secrets.token_urlsafe(12)
    first = engine.submit(config, who=who, pair_id=pair_id)
    try:
        name = f"{engine.store.get(first, who=who).name} twin"
        engine.submit(config, kind="keras", who=who, name=name, pair_id=pair_id)
    except LimitError:
        engine.delete(first, who=who)
        raise
    return first


def is_first(run: Run) -> bool:
    """Tell whether a run is the NumPy run of a pair."""
    return run.kind == "numpy" and run.pair_id is not None


def twin_of(store: RunStore, first: Run, *, who: Who) -> Run | None:
    """Return the Keras run of the pair, or None if it was deleted."""
    if first.pair_id is None:
        return None
    return next((run for run in store.list_runs(who=who) if run.pair_id == first.pair_id and run.kind == "keras"), None)
