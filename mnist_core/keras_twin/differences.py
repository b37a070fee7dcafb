"""How far two networks are apart after each epoch: small enough to keep, exact enough to prove that they are one."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.parameters import count_parameters
from mnist_core.training.config import TrainingConfig

# A few hundred steps, each rounded a few times.
_FEW_ROUNDINGS = 1000
# In float64: what training makes of rounding where a ReLU unit happens to be switched by it.
_AMPLIFIED = 1e-6
_AMPLIFICATION = "That is rounding, which training has amplified a little."
_NO = "That is far more than rounding in float64 can do: the two programs compute different things."
_DRIFT = (
    "float32 keeps seven digits, and the two programs add up in different orders, so the last digit differs. Each step "
    "starts from the step before, and a ReLU unit close to 0 may be on in one network and off in the other: so the "
    "networks drift apart, as two runs on different machines would. float64 keeps sixteen digits and tells rounding "
    "from a real difference."
)
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


@dataclass(frozen=True, slots=True)
class Sameness:
    """Whether two networks are the same but for rounding (None: this pair cannot tell), and why, in words."""

    answer: bool | None
    words: str


def sameness(differences: pd.DataFrame, config: TrainingConfig) -> Sameness:
    """Say whether the networks of `config` are the same, judged after the last epoch of both.

    Parameters
    ----------
    differences
        From `read_differences`, at least one row.
    """
    last, first = differences.iloc[-1], differences.iloc[0]
    rounding = float(np.finfo(config.dtype).eps) / 2
    if not np.isfinite(last.weights):
        return Sameness(None, "The weights are no longer numbers: the steps were too large.")
    if config.dropout:
        return Sameness(None, "With dropout they are two runs of one recipe, not the same run.")
    words = (
        f"After {_epochs(last)} none of the {count_parameters(config.layer_sizes):,} weights differs "
        f"by more than {last.weights:.1e} between the two networks, and the cost {_by(last.cost)}."
    )
    if last.weights <= _FEW_ROUNDINGS * rounding:
        why = f"That is rounding: in {config.dtype}, each operation changes a number near 1 by up to {rounding:.1e}."
        return Sameness(True, f"{words} {why}")
    if config.dtype == "float64":
        is_same = bool(last.weights <= _AMPLIFIED)
        return Sameness(is_same, f"{words} {_AMPLIFICATION if is_same else _NO}")
    begun = "" if len(differences) == 1 else f" After {_epochs(first)} they were {first.weights:.1e} apart."
    return Sameness(None, f"{words}{begun} {_DRIFT}")


def _by(difference: float) -> str:
    return f"differs by {difference:.1e}" if difference else "is exactly the same"


def _epochs(row: pd.Series) -> str:
    count = int(row.epoch) + 1
    return "1 epoch" if count == 1 else f"{count:,} epochs"
