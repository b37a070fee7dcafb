"""How fast a run goes and how long it still takes."""

from dataclasses import dataclass

import pandas as pd

from mnist_core.runs.run import Run

# The pace is that of the last seconds, because a machine's load changes.
_WINDOW_S = 10.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Epochs a second, and seconds of training left; None where too little is known."""

    epochs_per_s: float | None
    left_s: float | None


def pace(run: Run, history: pd.DataFrame) -> Pace:
    """Measure the pace over the last ten seconds of training in `history`, a table of `RunStore.history`."""
    if history.empty:
        return Pace(None, None)
    elapsed = history.elapsed_s.to_numpy()
    # The time before the first result counts as well, so that one epoch is enough.
    first = int((elapsed <= elapsed[-1] - _WINDOW_S).sum())
    begun = elapsed[first - 1] if first else 0.0
    duration = float(elapsed[-1] - begun)
    if duration <= 0:
        return Pace(None, None)
    rate = (len(elapsed) - first) / duration
    left = run.target_epochs - run.epochs_done - run.epoch_share
    return Pace(rate, max(0.0, left) / rate)
