"""Tasks for the tests, in a module that workers can import."""

import json
import os
import signal
import time
from pathlib import Path

from mnist_core.jobs.tasks import Progress
from mnist_core.runs import OPERATOR, RunStore


def environment(store: RunStore, run_id: str, progress: Progress) -> bytes:
    progress(0.5)
    return json.dumps({**os.environ, "run": store.get(run_id, who=OPERATOR).name}).encode()


def patient(store: RunStore, run_id: str, progress: Progress) -> bytes:
    """Report progress until the file that the run's notes name is there."""
    while not Path(store.get(run_id, who=OPERATOR).notes).exists():
        progress(0.25)
        time.sleep(0.05)
    return b"done"


def broken(store: RunStore, run_id: str, progress: Progress) -> bytes:
    """Fail, and note each try in the run's notes."""
    store.annotate(run_id, store.get(run_id, who=OPERATOR).notes + "tried ", who=OPERATOR)
    raise ValueError("the robustness of nothing cannot be measured")


def deadly(store: RunStore, run_id: str, progress: Progress) -> bytes:
    """End the worker, as the system does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


SAMPLE_TASKS = {"deadly": deadly, "environment": environment, "patient": patient, "broken": broken}
