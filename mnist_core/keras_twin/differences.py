"""How far two networks are apart after each epoch: small enough to keep, exact enough to prove that they are one."""

import io
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.parameters import count_parameters
from mnist_core.training.config import TrainingConfig

# A few hundred steps, each rounded a few times.
_FEW_ROUNDINGS = 1000
_COLUMNS = ("epoch", "weights", "cost")


class Differences:
    """A table that grows by a row an epoch.

    Parameters
    ----------
    kept
        What `to_bytes` gave before an interruption, or None.
    """

    def __init__(self, kept: bytes | None = None) -> None:
        self._rows: list[Sequence[float]] = [] if kept is None else read_differences(kept).to_numpy().tolist()

    def add(self, epoch: int, parameters: tuple[FloatArray, FloatArray], costs: tuple[float, float]) -> None:
        """Compare two networks' flat parameter vectors after `epoch`, and the costs that they measured in it."""
        weights = float(np.abs(parameters[0] - parameters[1]).max())
        self._rows.append((epoch, weights, abs(costs[0] - costs[1])))

    def keep_before(self, epoch: int) -> None:
        """Forget the rows from `epoch` on: they will be measured again."""
        self._rows = [row for row in self._rows if row[0] < epoch]

    def to_bytes(self) -> bytes:
        """Return the table as an array, in .npy format without pickle."""
        file = io.BytesIO()
        np.save(file, np.array(self._rows, float).reshape(-1, len(_COLUMNS)), allow_pickle=False)
        return file.getvalue()


def read_differences(content: bytes) -> pd.DataFrame:
    """Return the table: epoch, largest absolute difference of any weight after it, and difference of its cost."""
    table = pd.DataFrame(np.load(io.BytesIO(content), allow_pickle=False), columns=list(_COLUMNS))
    return table.astype({"epoch": int})


def closeness(differences: pd.DataFrame, config: TrainingConfig) -> str:
    """Say how far apart the networks of `config` are after the last epoch, and what that means.

    Parameters
    ----------
    differences
        From `read_differences`, at least one row.
    """
    last, rounding = differences.iloc[-1], float(np.finfo(config.dtype).eps) / 2
    if not np.isfinite(last.weights):
        return "The weights are no longer numbers: the steps were too large."
    words = (
        f"After {int(last.epoch) + 1:,} epochs none of the {count_parameters(config.layer_sizes):,} weights differs "
        f"by more than {last.weights:.1e} between the two networks, and the cost differs by {last.cost:.1e}. "
    )
    if config.dropout:
        return words + "With dropout they are two runs of one recipe, not the same run."
    if last.weights <= _FEW_ROUNDINGS * rounding:
        return words + (
            f"That is rounding: in {config.dtype}, each operation changes a number near 1 by up to {rounding:.1e}."
        )
    return words + (
        f"That is more than rounding alone, which is {rounding:.1e} in {config.dtype} for each operation near 1. "
        "Training amplifies it where a ReLU unit is so close to 0 that rounding switches it on or off. In float64 this "
        "hardly ever happens; a real difference would stay."
    )
