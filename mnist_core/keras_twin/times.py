"""What the two runs of a pair, and `model.fit`, took: as a table."""

import json
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
import pandas as pd

FIT_EPOCHS = 4


@dataclass(frozen=True)
class FitTimes:
    """What `model.fit` took.

    Attributes
    ----------
    epoch_s
        Seconds of each measured epoch; the first includes what Keras compiles.
    processor, threads
        Of the machine that it ran on, as the runs of the pair did.
    """

    epoch_s: tuple[float, ...]
    processor: str
    threads: int

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return what `to_bytes` kept."""
        fields = json.loads(content)
        return cls(**{**fields, "epoch_s": tuple(fields["epoch_s"])})


def times_table(numpy: pd.DataFrame, keras: pd.DataFrame, fit_s: tuple[float, ...]) -> pd.DataFrame:
    """Return one row each for NumPy, Keras's compiled step and `model.fit`.

    Columns: "Implementation", "Epoch s" (median, without the first, in which everybody prepares), "First epoch s",
    "All epochs s", and "Times NumPy" (by the median). `model.fit` is measured over a few epochs and projected.

    Parameters
    ----------
    numpy, keras
        Histories of the runs as the store returns them.
    fit_s
        Seconds of each measured epoch of `model.fit`; empty if it was not measured.
    """
    epochs = len(numpy)
    rows = [_row("NumPy", _epoch_s(numpy), epochs), _row("Keras, compiled step", _epoch_s(keras), epochs)]
    if len(fit_s) > 1:
        rows.append(_row("Keras, model.fit", np.array(fit_s), epochs))
    table = pd.DataFrame(rows, columns=["Implementation", "Epoch s", "First epoch s", "All epochs s"])
    table["Times NumPy"] = table["Epoch s"] / table["Epoch s"].iloc[0]
    return table


def _epoch_s(history: pd.DataFrame) -> np.ndarray:
    """Return what each epoch added to the training time."""
    return np.diff(history["elapsed_s"].to_numpy(float), prepend=0.0)


def _row(name: str, epoch_s: np.ndarray, epochs: int) -> tuple[str, float, float, float]:
    later = float(np.median(epoch_s[1:])) if len(epoch_s) > 1 else float(epoch_s[0])
    total = float(epoch_s.sum()) if len(epoch_s) == epochs else float(epoch_s[0]) + later * (epochs - 1)
    return name, later, float(epoch_s[0]), total
