"""Use all cores with Python threads, each with a BLAS of one thread.

On products as small as these, one matrix product shared by two BLAS threads is slower than two products side by side,
and NumPy releases the interpreter lock while it computes.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Self, TypeVar

import numpy as np
from threadpoolctl import ThreadpoolController

from mnist_core.settings import available_cores

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@cache
def _libraries() -> ThreadpoolController:
    """Find the loaded BLAS libraries, once: it takes milliseconds."""
    return ThreadpoolController()


def _let_overflow() -> None:
    """Let this thread's numbers overflow without a warning: a cost that is not finite ends a run, in words."""
    np.seterr(over="ignore", invalid="ignore", divide="ignore")


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit BLAS to one thread, and restore afterwards what was before."""
    with _libraries().limit(limits=1, user_api="blas"):
        yield


class Threads:
    """The calling thread and as many helpers as make `count` (default: one for each core this process may use).

    A context manager: the helpers end with it.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or available_cores()
        self._pool = ThreadPoolExecutor(self.count - 1, initializer=_let_overflow) if self.count > 1 else None

    def map(self, function: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
        """Return function(item) of each item, in order, computed side by side: item i by thread i modulo `count`."""
        items = list(items)
        if len(items) < 2 or self._pool is None:
            return [function(item) for item in items]
        shares = [items[number :: self.count] for number in range(min(self.count, len(items)))]

        def work(share: list[_Item]) -> list[_Result]:
            return [function(item) for item in share]

        others = [self._pool.submit(work, share) for share in shares[1:]]
        done = [work(shares[0]), *(other.result() for other in others)]
        results: list[_Result | None] = [None] * len(items)
        for number, share in enumerate(done):
            results[number :: self.count] = share
        return results  # type: ignore[return-value] # every place is filled

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()
