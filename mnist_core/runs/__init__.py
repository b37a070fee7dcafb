"""The run store: the only SQL here. Read in this order: run, schema, database, store, queue."""

from mnist_core.runs.blobs import weights_sha256
from mnist_core.runs.run import ACTIVE, ENDED, Kind, Run, RunStatus, UnreadableRun
from mnist_core.runs.store import RunStore
from mnist_core.runs.who import OPERATOR, Who

__all__ = [
    "ACTIVE",
    "ENDED",
    "OPERATOR",
    "Kind",
    "Run",
    "RunStatus",
    "RunStore",
    "UnreadableRun",
    "Who",
    "weights_sha256",
]
