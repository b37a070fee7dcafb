"""What is new of a try, as often as somebody asks: for those who watch it while it trains."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from sqlalchemy import Row, select

from mnist_core.errors import StoreError
from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.run import ACTIVE, Run
from mnist_core.runs.schema import artifacts, epochs, points, runs
from mnist_core.runs.store import RunStore
from mnist_core.runs.tries import GUESSES, TryState, outcome
from mnist_core.runs.who import OPERATOR

Record = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class News:
    """What is new since the last look.

    Attributes
    ----------
    state, words
        How the try is; and why, where it has ended otherwise than finished.
    place
        1 for the one that is next in the queue; None for one that does not wait.
    points, epochs
        The new ones: the training images' `images_seen`, `cost` and `accuracy`; epochs have `epoch` and the held-out
        images' `validation_cost` and `validation_accuracy` as well. None stands for what is not finite.
    guesses
        The newest guesses for the digits to watch; None before the first.
    """

    state: TryState
    words: str
    place: int | None
    points: list[Record]
    epochs: list[Record]
    guesses: list[int] | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in ACTIVE


class TryFeed:
    """Reads a try, each time what is new; for one reader at a time.

    Parameters
    ----------
    run
        The try.
    images
        Training images of a pass.
    """

    def __init__(self, store: RunStore, run: Run, images: int) -> None:
        self._database, self._queue, self._id, self._images = store.database, WorkQueue(store), run.id, images
        self._images_seen, self._epoch = 0, -1

    def read(self) -> News:
        """Return what is new.

        Raises
        ------
        StoreError
            The try was deleted, or the store is away.
        """
        with self._database.read() as connection:
            # The state first: what an ended try has written was there before its state.
            row = connection.execute(select(runs.c.status, runs.c.error).where(runs.c.id == self._id)).one_or_none()
            if row is None:
                raise StoreError("This try was deleted: a hundred newer ones are kept.")
            taken = connection.execute(_points_after(self._id, self._images_seen)).all()
            passed = connection.execute(_epochs_after(self._id, self._epoch)).all()
            kept = (artifacts.c.key == self._id) & (artifacts.c.kind == GUESSES)
            guesses = connection.scalar(select(artifacts.c.content).where(kept)) if taken or passed else None
        state = outcome(row.status, row.error)
        if taken:
            self._images_seen = int(taken[-1].images_seen)
        if passed:
            self._epoch = int(passed[-1].epoch)
        return News(
            state=state,
            words=row.error,
            place=self._queue.position(self._id, who=OPERATOR) if state == "queued" else None,
            points=[_record(point) for point in taken],
            epochs=[_record(done) | {"images_seen": (done.epoch + 1) * self._images} for done in passed],
            guesses=None if guesses is None else list(guesses),
        )


def _points_after(run_id: str, images_seen: int) -> Any:
    columns = (points.c.images_seen, points.c.cost, points.c.accuracy)
    mine = (points.c.run_id == run_id) & (points.c.images_seen > images_seen)
    return select(*columns).where(mine).order_by(points.c.images_seen)


def _epochs_after(run_id: str, epoch: int) -> Any:
    names = ("epoch", "cost", "accuracy", "validation_cost", "validation_accuracy")
    mine = (epochs.c.run_id == run_id) & (epochs.c.epoch > epoch)
    return select(*(epochs.c[name] for name in names)).where(mine).order_by(epochs.c.epoch)


def _record(row: Row[Any]) -> Record:
    return {name: None if value is None or not isfinite(value) else value for name, value in row._mapping.items()}
