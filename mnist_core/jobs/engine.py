"""The engine: what pages ask to start, pause, resume, step, stop and delete runs."""

from dataclasses import dataclass
from typing import Literal

from mnist_core.runs import Kind, RunStore
from mnist_core.settings import Settings
from mnist_core.training.config import TrainingConfig


@dataclass(frozen=True, slots=True)
class TaskState:
    """How far a task is: `status`, `share` done in [0, 1], and what went wrong in words."""

    status: Literal["", "queued", "running", "finished", "failed"]
    share: float = 0.0
    error: str = ""


class Engine:
    """Hands runs to Dask workers. One for a server, created once; no method waits for the cluster.

    Parameters
    ----------
    store
        Where runs are kept; None opens the default store.
    settings
        Limits, workers and scheduler address; None reads the environment.
    """

    def __init__(self, store: RunStore | None = None, settings: Settings | None = None) -> None:
        raise NotImplementedError

    @property
    def store(self) -> RunStore:
        """The run store that the engine and its workers use."""
        raise NotImplementedError

    @property
    def problem(self) -> str:
        """Why no worker can be reached just now, in words for a page, or ""."""
        raise NotImplementedError

    def submit(
        self,
        config: TrainingConfig,
        *,
        kind: Kind = "numpy",
        visitor: str = "",
        name: str | None = None,
        target_epochs: int | None = None,
    ) -> str:
        """Queue a run and return its id. With `target_epochs`, it pauses after so many passes.

        Raises
        ------
        LimitError
            The config, or the visitor's or everybody's waiting runs, exceed a limit.
        EngineError
            The engine was closed.
        """
        raise NotImplementedError

    def pause(self, run_id: str) -> None:
        """Pause a queued or running run; a worker follows within a second, in the middle of an epoch too."""
        raise NotImplementedError

    def resume(self, run_id: str) -> None:
        """Queue a paused run to go on to its last epoch. LimitError as for `submit`."""
        raise NotImplementedError

    def step(self, run_id: str) -> None:
        """Do one epoch, then pause: a running run finishes the pass under way, a paused or queued one does the next."""
        raise NotImplementedError

    def stop(self, run_id: str) -> None:
        """End a queued, running or paused run for good; what it learnt so far is kept."""
        raise NotImplementedError

    def delete(self, run_id: str) -> None:
        """Delete a run and all that belongs to it, stopping it first."""
        raise NotImplementedError

    def queue_position(self, run_id: str) -> int | None:
        """Return 1 for the run that is next, 2 for the one after it ...; None for a run that is not waiting."""
        raise NotImplementedError

    def start_task(self, task: str, run_id: str) -> None:
        """Compute something about a run in a worker, such as "robustness"; see `jobs.tasks`.

        Nothing happens if it is under way or was done: its result is the artifact (`run_id`, `task`) of the store.
        """
        raise NotImplementedError

    def task_state(self, task: str, run_id: str) -> TaskState:
        """Return how far a task is; status "" if nobody started it."""
        raise NotImplementedError

    def close(self) -> None:
        """End the local cluster, if there is one. Runs under way go on at the next start, from their checkpoints."""
        raise NotImplementedError
