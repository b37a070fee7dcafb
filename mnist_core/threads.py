"""Use all cores with Python threads, each with a single-threaded BLAS.

For products as small as these, one matrix product shared by two BLAS threads is slower than two products side by side,
and NumPy releases the interpreter lock while it computes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

import numpy as np

from mnist_core.machine import available_cores

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@cache
def _libraries() -> "ThreadpoolController":
    """Find the loaded BLAS libraries, once: it takes milliseconds."""
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - to import the network, NumPy is enough

    return ThreadpoolController()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit BLAS to one thread, and restore the previous limit afterwards."""
    with _libraries().limit(limits=1, user_api="blas"):
        yield


class Threads:
    """The calling thread and as many helpers as make `count` (default: one for each core this process may use).

    A context manager: the helpers end with it.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or available_cores()
        self._helpers = [_Helper() for _ in range(self.count - 1)]
        self._done: deque[Any] = deque()

    def map(self, function: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
        """Return function(item) for each item, in order, computed side by side: item i by thread i modulo `count`."""
        items = list(items)
        shares = [items[number :: self.count] for number in range(min(self.count, len(items)))]

        def work(share: list[_Item]) -> list[_Result]:
            return [function(item) for item in share]

        working = list(zip(self._helpers, shares[1:], strict=False))
        for helper, share in working:
            helper.start(work, share)
        try:
            done = [work(share) for share in shares[:1]]
        finally:
            answers = [helper.answer() for helper, _ in working]
        done += [_result(answer) for answer in answers]
        results: list[_Result | None] = [None] * len(items)
        for number, part in enumerate(done):
            results[number :: self.count] = part
        return results  # type: ignore[return-value] # every place is filled

    def start(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Let the first helper do this while the caller goes on; without a helper, do it now."""
        if self._helpers:
            self._helpers[0].start(function, *arguments)
        else:
            self._done.append(function(*arguments))

    def result(self) -> Any:
        """Wait for what was started first, and return its result or raise its error; each can be fetched once."""
        return _result(self._helpers[0].answer()) if self._helpers else self._done.popleft()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for helper in self._helpers:
            helper.stop()


class _Answer(NamedTuple):
    result: Any = None
    error: BaseException | None = None


def _result(answer: _Answer) -> Any:
    """Return what a task gave, or raise what it raised."""
    if answer.error is not None:
        raise answer.error
    return answer.result


class _Helper:
    """A thread that does what it is given, one thing after another.

    Its queues hand over in 4 microseconds where the futures of an executor take 14, and small batches do so often.
    """

    def __init__(self) -> None:
        self._tasks: SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...]] | None] = SimpleQueue()
        self._answers: SimpleQueue[_Answer] = SimpleQueue()
        self._thread: Thread | None = None

    def start(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Have function(*arguments) computed after all that was given before."""
        if self._thread is None:
            self._thread = Thread(target=_work, args=(self._tasks, self._answers), daemon=True)
            self._thread.start()
        self._tasks.put((function, arguments))

    def answer(self) -> _Answer:
        """Wait for the oldest answer."""
        return self._answers.get()

    def stop(self) -> None:
        """End the thread when it has done all it was given."""
        if self._thread is not None:
            self._tasks.put(None)
            self._thread.join()
            self._thread = None

    def __del__(self) -> None:
        self._tasks.put(None)


def _work(tasks: "SimpleQueue[Any]", answers: "SimpleQueue[_Answer]") -> None:
    """Do tasks until None comes. Numbers may overflow without a warning: a cost that is not finite ends the run."""
    np.seterr(over="ignore", invalid="ignore", divide="ignore")
    while (task := tasks.get()) is not None:
        function, arguments = task
        try:
            answers.put(_Answer(function(*arguments)))
        except BaseException as error:
            answers.put(_Answer(error=error))
        # While it waits, keep nothing alive.
        del task, function, arguments
