"""The engine: submits runs to Dask workers, and what a worker does."""

from mnist_core.errors import EngineError, LimitError
from mnist_core.jobs.engine import Engine
from mnist_core.runs.tasks import TaskState

__all__ = ["Engine", "EngineError", "LimitError", "TaskState"]
