"""Things to compute about a run, in a worker, once: each a function, its result an artifact of the run.

Add a task as a function of (store, run_id, progress) that returns the artifact's bytes and calls `progress` with the
share done, in [0, 1]; and enter it in `TASKS` under the artifact's kind.
"""

import json
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from mnist_core.data import load_mnist
from mnist_core.jobs.worker import open_store
from mnist_core.keras_twin import time_fit
from mnist_core.keras_twin.times import FIT_EPOCHS, FitTimes
from mnist_core.machine import available_cores, processor
from mnist_core.runs import RunStore

Progress = Callable[[float], None]
Task = Callable[[RunStore, str, Progress], bytes]

_WRITE_EVERY_S = 0.25


def robustness(store: RunStore, run_id: str, progress: Progress) -> bytes:
    """Measure a run's network on distorted test images; `evaluation.robustness.read_table` reads the result."""
    from mnist_core.evaluation.robustness import measure_robustness, table_bytes  # noqa: PLC0415 - imports SciPy

    return table_bytes(measure_robustness(store.network(run_id), load_mnist().test, progress))


def keras_fit(store: RunStore, run_id: str, progress: Progress) -> bytes:
    """Time `model.fit` on a run's recipe and threads; the result is a `keras_twin.times.FitTimes`."""
    run = store.get(run_id)
    threads = run.threads or available_cores()
    return FitTimes(time_fit(run.config, load_mnist(), FIT_EPOCHS, threads), processor(), threads).to_bytes()


TASKS: Mapping[str, Task] = {"robustness": robustness, "keras_fit": keras_fit}


@dataclass(frozen=True, slots=True)
class TaskState:
    """How far a task is: `status` ("" = nobody started it), `share` done in [0, 1], and what went wrong in words."""

    status: Literal["", "queued", "running", "finished", "failed"]
    share: float = 0.0
    error: str = ""
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class TaskOrder:
    """What the engine tells a worker to compute."""

    task: str
    run_id: str
    database_url: str


def run_task(order: TaskOrder, task: Task) -> None:
    """Compute a task and keep its result, or what went wrong."""
    store, written_at = open_store(order.database_url), 0.0

    def progress(share: float) -> None:
        nonlocal written_at
        if time.monotonic() - written_at >= _WRITE_EVERY_S:
            write_state(store, order.task, order.run_id, TaskState("running", share))
            written_at = time.monotonic()

    try:
        progress(0.0)
        store.save_artifact(order.run_id, order.task, task(store, order.run_id, progress))
        write_state(store, order.task, order.run_id, TaskState("finished", 1.0))
    except Exception as error:  # whatever it is, the page must show it
        words = str(error) or f"The worker met an unexpected problem ({type(error).__name__})."
        write_state(store, order.task, order.run_id, TaskState("failed", 0.0, words, traceback.format_exc()))


def write_state(store: RunStore, task: str, run_id: str, state: TaskState) -> None:
    """Keep the state beside the result, as an artifact of its own."""
    store.save_artifact(run_id, f"{task}.state", json.dumps(asdict(state)).encode())


def read_state(store: RunStore, task: str, run_id: str) -> TaskState:
    """Return the state that was last written."""
    content = store.load_artifact(run_id, f"{task}.state")
    return TaskState("") if content is None else TaskState(**json.loads(content))
