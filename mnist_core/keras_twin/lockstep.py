"""Measure after each epoch of a Keras run how far it is from the NumPy run, which is repeated beside it.

The NumPy network takes each epoch right after Keras has taken it, outside of the measured time. It is the stored run
over again, bit for bit, so that no weights need to be kept: a thousand epochs of them would be half a gigabyte.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from mnist_core.keras_twin.differences import Differences
from mnist_core.nn import MLP
from mnist_core.training.loop import Trainer
from mnist_core.training.results import Checkpoint, EpochProgress, EpochResult, Status


class Twin(Protocol):
    """A trainer of Keras's: `KerasTrainer`."""

    network: MLP
    status: Status
    message: str

    def events(self) -> Iterator[EpochResult | EpochProgress]:
        """Train, yielding results and marks."""

    def checkpoint(self) -> Checkpoint:
        """Return what is needed to continue after the last finished epoch."""


class Lockstep:
    """A Keras trainer that is followed by a NumPy trainer of the same config. It looks like the Keras trainer.

    Parameters
    ----------
    twin
        Not begun, or resumed from a checkpoint.
    numpy
        Of the same config on the same threads, not begun.
    kept
        Differences kept before an interruption, or None.
    save
        Keeps the differences so far; called with each checkpoint.
    """

    def __init__(self, twin: Twin, numpy: Trainer, kept: bytes | None, save: Callable[[bytes], None]) -> None:
        self._twin, self._numpy, self._save = twin, numpy, save
        self._differences = Differences(kept)
        self._differences.keep_before(twin.checkpoint().epochs_done)

    @property
    def network(self) -> MLP:
        """Keras's network."""
        return self._twin.network

    @property
    def status(self) -> Status:
        """Keras's status."""
        return self._twin.status

    @property
    def message(self) -> str:
        """Why Keras diverged, in words."""
        return self._twin.message

    def checkpoint(self) -> Checkpoint:
        """Return Keras's checkpoint, and keep the differences up to it."""
        self._save(self._differences.to_bytes())
        return self._twin.checkpoint()

    def events(self) -> Iterator[EpochResult | EpochProgress]:
        """Yield Keras's records, after the NumPy network has caught up."""
        for _ in range(self._twin.checkpoint().epochs_done):
            next(self._numpy, None)
        for event in self._twin.events():
            if isinstance(event, EpochResult):
                self._compare(event)
            yield event

    def _compare(self, result: EpochResult) -> None:
        follower = next(self._numpy, None)
        if follower is not None:  # it may have diverged an epoch earlier
            vectors = self._twin.checkpoint().parameters, self._numpy.checkpoint().parameters
            self._differences.add(result.epoch, vectors, (result.cost, follower.cost))
