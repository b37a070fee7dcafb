"""The store is locked for a minute while runs train: `python -m tests.attacks.outage --seconds 60`.

Another program holds SQLite's write lock. Every run must finish all the same, with the weights of a run that nothing
happened to. It prints what became of each, and fails otherwise.
"""

import argparse
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from mnist_core.jobs import Engine
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.settings import Settings
from tests.jobs.helpers import STEADY, assert_as_if_undisturbed, until, until_checkpoint

RUNS = 3


def survive(directory: Path, seconds: float) -> list[dict[str, object]]:
    """Return what became of each run after a lock of so many seconds in the middle of the first."""
    path = directory / "runs.sqlite3"
    store = RunStore(f"sqlite:///{path}")
    with closing(store), closing(Engine(store, Settings(workers=1, scheduler_address=None))) as engine:
        configs = [STEADY.model_copy(update={"seed": seed}) for seed in range(RUNS)]
        runs = [engine.submit(config, who=OPERATOR) for config in configs]
        until_checkpoint(store, runs[0])
        with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            other.execute("ROLLBACK")
        for run in runs:
            until(lambda run=run: store.get(run, who=OPERATOR).status in ("finished", "failed", "stopped"), "an end")  # type: ignore[misc]
            assert_as_if_undisturbed(engine, run)
        ended = [store.get(run, who=OPERATOR) for run in runs]
        return [{"status": run.status, "attempts": run.attempt, "deaths": run.deaths} for run in ended]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long the store is locked")
    seconds = parser.parse_args().seconds
    with TemporaryDirectory() as directory:
        print(json.dumps({"locked_s": seconds, "runs": survive(Path(directory), seconds)}))


if __name__ == "__main__":
    main()
