"""How long a try takes from its submission to its end, and where the time goes: ``python -m tests.benchmarks.trip``.

The engine, its cluster and the store are those of the app, in a folder of their own. The end is what `TryFeed` sees,
read as often as the server does it. Close what else runs: on a busy machine it measures the others.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from mnist_core.data import load_mnist
from mnist_core.jobs import Engine
from mnist_core.runs import RunStore, Who
from mnist_core.runs.try_feed import TryFeed
from mnist_core.training import TrainingConfig
from mnist_core.training.split import images_per_epoch

ME = Who("benchmark")
RECIPE = TrainingConfig(epochs=2, batch_size=64, train_size=10_000, validation_size=5000)
LOOK_EVERY_S = 0.04
PARTS = (
    "total",
    "submitting",
    "until a worker has it",
    "in the worker",
    "training",
    "until it is seen",
    "beyond training",
)


def main() -> None:
    """Print median and 90th percentile in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=20)
    count = parser.parse_args().tries
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(RunStore(f"sqlite:///{Path(folder) / 'runs.sqlite3'}"))
        try:
            _one_try(engine, 0)  # starts the cluster and warms the worker
            taken = np.array([_one_try(engine, number) for number in range(1, count + 1)])
        finally:
            engine.close()
    print(f"{count} tries of {RECIPE.train_size:,} images, {RECIPE.epochs} passes")
    print(f"{'':24}{'median':>9}{'p90':>9}  ms")
    for name, column in zip(PARTS, 1000 * taken.T, strict=True):
        print(f"{name:24}{np.median(column):9.0f}{np.percentile(column, 90):9.0f}")


def _one_try(engine: Engine, seed: int) -> tuple[float, ...]:
    config = RECIPE.model_copy(update={"seed": seed})
    began = time.perf_counter()
    try_id = engine.submit_try(config, who=ME)
    submitted_s = time.perf_counter() - began
    feed = TryFeed(engine.store, engine.store.get(try_id, who=ME), images_per_epoch(config, load_mnist()))
    while not feed.read().has_ended:
        time.sleep(LOOK_EVERY_S)
    total_s = time.perf_counter() - began
    run = engine.store.get(try_id, who=ME)
    if run.started_at_utc is None or run.finished_at_utc is None or run.status != "finished":
        raise SystemExit(f"The try ended as {run.status}: {run.error}")
    waited_s = (run.started_at_utc - run.created_at_utc).total_seconds()
    worked_s = (run.finished_at_utc - run.started_at_utc).total_seconds()
    seen_s = max(0.0, total_s - waited_s - worked_s)
    return total_s, submitted_s, waited_s, worked_s, run.train_s, seen_s, total_s - run.train_s


if __name__ == "__main__":
    main()
