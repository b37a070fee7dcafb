"""What the speed should be, and whether it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from mnist_core.benchmark.contestants import CONTESTANTS, OURS
from mnist_core.benchmark.results import Result

_LIBRARIES = tuple(name for name, contestant in CONTESTANTS.items() if contestant.peer)
_OTHERS = tuple(name for name in CONTESTANTS if name != OURS)
_KERAS = ("keras-fit", "keras-step", "keras-xla")

# Task, the contestants whose fastest is compared with, what part of its time is allowed, and in words.
_RATIOS: tuple[tuple[str, tuple[str, ...], float, str], ...] = (
    ("full-batch", _LIBRARIES, 0.65, "time to the fastest library's"),
    ("full-batch", ("textbook",), 0.45, "time to textbook NumPy's"),
    *(
        (f"mini-batch {batch_size} {optimizer}", peers, limit, words)
        for batch_size, scan_limit in ((32, 1.3), (128, 1.0), (1024, 1.0))
        for optimizer in ("sgd", "adam")
        for peers, limit, words in (
            (("keras-fit",), 0.3, "time to Keras fit's"),
            (("torch",), 0.7, "time to PyTorch's"),
            (("sklearn",), 1.0, "time to scikit-learn's"),
            (("jax-scan",), scan_limit, "time to JAX scan's"),
        )
    ),
    ("predict 1", ("keras-fit",), 0.01, "time to Keras predict's"),
    ("predict 10,000", _LIBRARIES, 1.0, "time to the fastest library's"),
    ("start to first epoch", _KERAS, 0.15, "time to Keras's"),
)
_PREDICT_ONE_S, _SGEMM_SHARE, _MEMORY_SHARE, _AUGMENTED, _BUSY = 30e-6, 0.75, 0.5, 1.3, 0.9


@dataclass(frozen=True)
class Outcome:
    """A target and what was measured.

    Attributes
    ----------
    task, what
        What the numbers are of.
    limit, measured
        The target and the fact, in the same unit.
    at_least
        Whether `measured` should be `limit` or more; otherwise, or less.
    """

    task: str
    what: str
    limit: float
    measured: float
    at_least: bool = False

    @property
    def missed_by(self) -> float:
        """How far from the target, relative to it; 0 if it is met."""
        excess = self.measured / self.limit - 1
        return max(0.0, -excess if self.at_least else excess)


def evaluate(results: Sequence[Result], threads: int) -> list[Outcome]:
    """Return each target whose contestants were measured."""
    outcomes = []
    for task, contestants, limit, words in _RATIOS:
        ours, best = _least_s(results, task, [OURS]), _least_s(results, task, contestants)
        if max(ours, best) < inf:
            outcomes.append(Outcome(task, words, limit, ours / best))
    if (ours := _least_s(results, "predict 1", [OURS])) < inf:
        outcomes.append(Outcome("predict 1", "microseconds", 1e6 * _PREDICT_ONE_S, 1e6 * ours))
    return [*outcomes, *_full_batch(results), *_best(results, threads)]


def _full_batch(results: Sequence[Result]) -> list[Outcome]:
    """Judge arithmetic and memory."""
    outcomes = [
        Outcome(result.task, "rate of products to the best sgemm", _SGEMM_SHARE, median(result.sgemm_share), True)
        for result in _of(results, "full-batch", [OURS])
    ]
    memory = {name: _least_memory(_of(results, "full-batch", [name])) for name in (OURS, *_OTHERS)}
    least = min(memory[name] for name in _OTHERS)
    if max(memory[OURS], least) < inf:
        outcomes.append(Outcome("full-batch", "peak memory to the least other's", _MEMORY_SHARE, memory[OURS] / least))
    return outcomes


def _best(results: Sequence[Result], threads: int) -> list[Outcome]:
    """Judge what distorting the images costs."""
    plain = _least_s(results, "best, undistorted", [OURS])
    outcomes = []
    for result in _of(results, "best", [OURS]):
        if plain < inf:
            augmented = median(result.durations_s)
            outcomes.append(Outcome(result.task, "time to that without distortions", _AUGMENTED, augmented / plain))
        outcomes.append(Outcome(result.task, "cores kept busy", _BUSY * threads, median(result.cores), True))
    return outcomes


def _of(results: Iterable[Result], task: str, contestants: Sequence[str]) -> list[Result]:
    return [r for r in results if r.task == task and r.contestant in contestants and r.median_s is not None]


def _least_s(results: Iterable[Result], task: str, contestants: Sequence[str]) -> float:
    """Return the least median duration of those measured, or infinity."""
    return min((r.median_s or inf for r in _of(results, task, contestants)), default=inf)


def _least_memory(results: Iterable[Result]) -> float:
    return min((r.memory_bytes or inf for r in results), default=inf)
