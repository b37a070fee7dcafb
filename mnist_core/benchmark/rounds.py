"""Check that all compute the same, then measure them in turns, so that a busy moment meets all alike."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from math import nan
from time import perf_counter
from typing import Any

from mnist_core.benchmark.contestants import CONTESTANTS, OURS, Contestant, of_peers
from mnist_core.benchmark.flop import flop, inked_columns
from mnist_core.benchmark.process import Worker, WorkerError
from mnist_core.benchmark.results import Report, Result
from mnist_core.benchmark.tasks import Task
from mnist_core.data import load_mnist

_TOLERANCE = 1e-3

Say = Callable[[str], None]


def run(tasks: Iterable[Task], peers: Sequence[str], rounds: int, say: Say) -> Report:
    """Measure the tasks.

    Parameters
    ----------
    tasks
        In the order of `tasks.TASKS`.
    peers
        Libraries to compare with.
    rounds
        How often each contestant has its turn at a task.
    say
        Told, in a few words, what is being done.
    """
    tasks = list(tasks)
    with Benchmark(peers, rounds, say) as benchmark:
        for task in tasks:
            if task.kind != "start":
                benchmark.measure(task)
    # Other processes would be in the way of a start.
    for task in tasks:
        if task.kind == "start":
            benchmark.measure_start(task)
    return benchmark.report


class Benchmark:
    """The contestants' processes, started when first needed; a context manager that ends them."""

    def __init__(self, peers: Sequence[str], rounds: int, say: Say) -> None:
        self._peers, self._rounds, self._say = peers, rounds, say
        self._workers: dict[str, Worker] = {}
        self._stack = ExitStack()
        self._inked_columns: float | None = None
        self.report = Report()

    def __enter__(self) -> "Benchmark":
        return self

    def __exit__(self, *raised: Any) -> None:
        self._stack.__exit__(*raised)
        self._workers.clear()

    def measure(self, task: Task) -> None:
        """Check and measure all contestants of a task."""
        results = self._entries(task)
        self._start_workers([result for result in results if result.status == "measured"])
        self._check(task, results)
        machine = self._worker("machine", CONTESTANTS[OURS])
        for number in range(self._rounds):
            best = machine.ask("sgemm")
            self.report.sgemm_gflop_per_s.append(best / 1e9)
            for result in (result for result in results if result.status == "measured"):
                self._say(f"{task.name}, round {number + 1} of {self._rounds}: {result.label}")
                self._take_turn(task, result, best)
        if task.name == "full-batch":
            for result in (result for result in results if result.status == "measured"):
                result.memory_bytes = int(self._workers[result.contestant].ask("memory"))

    def measure_start(self, task: Task) -> None:
        """Start a new process of each contestant in turn, and measure the time to its first finished epoch."""
        results = self._entries(task)
        for number in range(self._rounds):
            for result in (result for result in results if result.status == "measured"):
                self._say(f"{task.name}, round {number + 1} of {self._rounds}: {result.label}")
                began_s = perf_counter()
                with Worker(CONTESTANTS[result.contestant]) as worker:
                    try:
                        worker.ask("first_epoch", task=task.name)
                        result.durations_s.append(perf_counter() - began_s)
                    except WorkerError as error:
                        result.status, result.note = "failed", str(error)

    def _entries(self, task: Task) -> list[Result]:
        """Add a result for each contestant of a task, saying which are not installed."""
        results = []
        for contestant in of_peers(task.contestants, self._peers):
            result = Result(task.name, contestant.name)
            if not contestant.installed:
                result.status, result.note = "not installed", f"it needs the package {contestant.package}"
            results.append(result)
        self.report.results += results
        return results

    def _start_workers(self, results: Sequence[Result]) -> None:
        """Start the processes side by side, and wait until each has imported its library."""
        for result in results:
            self._worker(result.contestant, CONTESTANTS[result.contestant])
        for result in results:
            if result.contestant not in self.report.libraries:
                self._say(f"starting {result.label}")
                described = self._ask(result, "describe")
                if described is not None:
                    self.report.libraries[result.contestant] = described

    def _worker(self, key: str, contestant: Contestant) -> Worker:
        if key not in self._workers:
            self._workers[key] = self._stack.enter_context(Worker(contestant))
        return self._workers[key]

    def _check(self, task: Task, results: Sequence[Result]) -> None:
        """Let each take some steps, side by side, and leave out whoever does not come to our cost."""
        checked = [result for result in results if result.status == "measured"]
        self._say(f"{task.name}: checking that all compute the same")
        with ThreadPoolExecutor(len(checked)) as pool:
            costs = list(pool.map(lambda result: self._ask(result, "check", task=task.name), checked))
        ours = [cost for result, cost in zip(checked, costs, strict=True) if result.contestant == OURS]
        expected = nan if ours[0] is None else ours[0]
        for result, found in zip(checked, costs, strict=True):
            # Also left out where we failed ourselves: nan is close to nothing.
            if result.contestant != OURS and found is not None and not abs(found - expected) <= _TOLERANCE:
                result.status = "disagrees"
                result.note = f"{_CHECKED[task.kind]} {found:.5f}, ours {expected:.5f}"

    def _take_turn(self, task: Task, result: Result, best: float) -> None:
        measured = self._ask(result, "measure", task=task.name)
        if measured is None:
            return
        result.durations_s.append(measured["duration_s"])
        result.cores.append(measured["cores"])
        rate = self._flop(task, result) / measured["duration_s"]
        result.gflop_per_s.append(rate / 1e9)
        result.sgemm_share.append(rate / best)

    def _flop(self, task: Task, result: Result) -> float:
        if result.contestant != OURS or task.name != "full-batch":
            return flop(task)
        if self._inked_columns is None:
            self._inked_columns = inked_columns(load_mnist().train)
        return flop(task, self._inked_columns)

    def _ask(self, result: Result, command: str, **arguments: str) -> Any:
        """Ask the contestant's worker; if it died, note its last words, forget it, and return None."""
        try:
            return self._workers[result.contestant].ask(command, **arguments)
        except WorkerError as error:
            result.status, result.note = "failed", str(error)
            self._workers.pop(result.contestant)
            return None


_CHECKED = {"train": "cost", "predict": "share of other predictions"}
