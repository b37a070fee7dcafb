"""How the workers are: what the scheduler knows of each."""

from dataclasses import dataclass
from datetime import UTC, datetime

from distributed import Client

_PATIENCE_S = 3.0


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """One worker process.

    Attributes
    ----------
    name, status
        What it is called, and "running", "paused" (for lack of memory), "closing" ...
    tasks
        How many pieces of work it has in hand.
    memory_bytes, cpu_percent
        What it takes; 100 % is one core.
    seen_at_utc
        Its last sign of life.
    """

    name: str
    status: str
    tasks: int
    memory_bytes: int
    cpu_percent: float
    seen_at_utc: datetime


def workers_of(client: Client) -> tuple[WorkerHealth, ...]:
    """Return the workers of a scheduler; none if it does not answer within seconds."""
    try:
        known = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=_PATIENCE_S)
    except (OSError, TimeoutError):
        return ()
    return tuple(
        WorkerHealth(
            name=str(worker["name"]),
            status=str(worker["status"]),
            tasks=sum(worker["metrics"].get("task_counts", {}).values()),
            memory_bytes=int(worker["metrics"].get("memory", 0)),
            cpu_percent=float(worker["metrics"].get("cpu", 0.0)),
            seen_at_utc=datetime.fromtimestamp(worker["last_seen"], UTC),
        )
        for worker in known["workers"].values()
    )
