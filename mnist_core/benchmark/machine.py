"""What the benchmark ran on: processor, memory, BLAS kernels, and the best rate of matrix products."""

import os
import platform
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from mnist_core.machine import processor

__all__ = ["blas_libraries", "ignored_settings", "peak_memory_bytes", "processor", "sgemm_flop_per_s"]

_SIZES = (512, 1024)
_REPEATS = 4
# Development machines may hold OpenBLAS to older kernels by these. A user's machine does not.
HOLDING_BACK = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def ignored_settings() -> list[str]:
    """Return those variables of this process's environment, as NAME=value, that the contestants start without."""
    return [f"{name}={os.environ[name]}" for name in HOLDING_BACK if name in os.environ]


def blas_libraries() -> list[dict[str, Any]]:
    """Return name, version, kernel architecture and threads of each BLAS library that this process has loaded."""
    return [
        {key: library.get(key) for key in ("internal_api", "version", "architecture", "num_threads")}
        for library in threadpool_info()
        if library["user_api"] == "blas"
    ]


def peak_memory_bytes() -> int:
    """Return the most memory that this process has held."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux hands ru_maxrss on from the process that started this one; VmHWM is its own.
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if platform.system() == "Darwin" else peak * 1024


def sgemm_flop_per_s(threads: int) -> float:
    """Return the best rate of float32 matrix products: BLAS on all cores, or side by side with a core each."""
    with ThreadPoolExecutor(threads) as pool:
        side_by_side = [_rate(size, threads, pool) for size in _SIZES]
        return max(*side_by_side, *(_rate(size, 1, pool) for size in _SIZES))


def _rate(size: int, products: int, pool: ThreadPoolExecutor) -> float:
    """Return the best rate of `products` square products at once, one BLAS thread each if there are several."""
    arrays = [np.ones((3, size, size), np.float32) for _ in range(products)]
    repeats = max(1, round(2 * (1024 / size) ** 3))

    def work(abc: np.ndarray) -> None:
        for _ in range(repeats):
            np.matmul(abc[0], abc[1], out=abc[2])

    durations_s = []
    with threadpool_limits(1 if products > 1 else None, user_api="blas"):
        for _ in range(_REPEATS):
            began_s = perf_counter()
            list(pool.map(work, arrays))
            durations_s.append(perf_counter() - began_s)
    return 2.0 * size**3 * repeats * products / min(durations_s)
