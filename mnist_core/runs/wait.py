"""How long a run will probably wait: for what is trained now and handed out before it, at this machine's pace."""

from sqlalchemy import or_, select

from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.run import Run
from mnist_core.runs.schema import runs
from mnist_core.runs.store import RunStore
from mnist_core.runs.tries import measured
from mnist_core.runs.who import Who
from mnist_core.training.config import TrainingConfig
from mnist_core.training.foresee import speed, training_s

# What a measurement takes, roughly: nobody foresees it from a recipe.
_TASK_S = 15.0


def expected_wait_s(store: RunStore, run: Run, workers: int, *, who: Who) -> float | None:
    """Return the seconds until a run probably begins, where so many are trained at a time; None if it does not wait."""
    ahead = WorkQueue(store).ahead(run.id, who=who)
    if ahead is None:
        return None
    query = select(runs.c.id, runs.c.config, runs.c.epochs_done)
    with store.database.read() as connection:
        rows = connection.execute(query.where(or_(runs.c.id.in_(ahead), runs.c.status == "running"))).all()
    pace = speed(measured(store))
    trained_s = sum(
        training_s(row.config) / pace * max(0.0, 1 - row.epochs_done / row.config.epochs)
        for row in rows
        if isinstance(row.config, TrainingConfig)
    )
    measurements = set(ahead) - {row.id for row in rows}
    return (trained_s + _TASK_S * len(measurements)) / workers
