"""What the benchmark found."""

from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

from mnist_core.benchmark.contestants import CONTESTANTS
from mnist_core.benchmark.tasks import TASKS

Status = Literal["measured", "not installed", "disagrees", "failed"]


@dataclass
class Result:
    """One contestant at one task.

    Attributes
    ----------
    task, contestant
        Names.
    status
        Only "measured" has times.
    note
        Why there are none.
    durations_s
        Of each round.
    cores
        How many it kept busy, in each round.
    gflop_per_s, sgemm_share
        Rate of the matrix products it had to do, in each round; and its share of the best rate in the same round.
    memory_bytes
        The most its process held, for the first task of a process.
    """

    task: str
    contestant: str
    status: Status = "measured"
    note: str = ""
    durations_s: list[float] = field(default_factory=list)
    cores: list[float] = field(default_factory=list)
    gflop_per_s: list[float] = field(default_factory=list)
    sgemm_share: list[float] = field(default_factory=list)
    memory_bytes: int | None = None

    @property
    def label(self) -> str:
        """The contestant's name for people."""
        contestant = CONTESTANTS[self.contestant]
        return (TASKS[self.task].kind == "predict" and contestant.label_predicting) or contestant.label

    @property
    def median_s(self) -> float | None:
        """Median duration, if it was measured."""
        return median(self.durations_s) if self.status == "measured" and self.durations_s else None

    @property
    def spread_s(self) -> tuple[float, float]:
        """Least and greatest duration."""
        return min(self.durations_s), max(self.durations_s)


@dataclass
class Report:
    """All that was found.

    Attributes
    ----------
    results
        One for each contestant of each task.
    libraries
        For each contestant: version, BLAS libraries, threads.
    sgemm_gflop_per_s
        Best rate of matrix products of each round.
    """

    results: list[Result] = field(default_factory=list)
    libraries: dict[str, dict[str, Any]] = field(default_factory=dict)
    sgemm_gflop_per_s: list[float] = field(default_factory=list)
