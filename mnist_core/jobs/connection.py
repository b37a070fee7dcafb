"""The way to the workers: a local cluster in a process of its own, or a Dask scheduler that is there already."""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from distributed import Client

from mnist_core.errors import EngineError
from mnist_core.settings import Settings

_CONNECT_TIMEOUT_S = 3
_END_TIMEOUT_S = 5
_START_TIMEOUT_S = 120  # a busy machine takes half a minute


class Connection(Protocol):
    """A client of a Dask scheduler, and what it takes to end it."""

    client: Client

    def is_alive(self) -> bool:
        """Tell whether work can be handed out."""

    def close(self) -> None:
        """Let go of the cluster, and end it if it is ours."""


def connect(settings: Settings) -> Connection:
    """Start a local cluster, or connect to ``MNIST_SCHEDULER_ADDRESS``.

    Raises
    ------
    EngineError
        No scheduler can be reached.
    """
    if settings.scheduler_address is None:
        return LocalConnection(settings.workers)
    return ExternalConnection(settings.scheduler_address)


class ExternalConnection:
    """A scheduler that somebody else started, and ends."""

    def __init__(self, address: str) -> None:
        self.client = _client(address, "Check MNIST_SCHEDULER_ADDRESS, and that the scheduler runs.")

    def is_alive(self) -> bool:
        """Tell whether the scheduler can be reached; the client connects again by itself for some seconds."""
        return self.client.status in {"running", "connecting"}

    def close(self) -> None:
        """Leave the scheduler and its workers as they are."""
        _close(self.client)


class LocalConnection:
    """A cluster of our own in a process of its own. It holds the other end of a pipe, and ends when we do."""

    def __init__(self, workers: int, start_timeout_s: float = _START_TIMEOUT_S) -> None:
        # A terminal's Ctrl-C is for the server, which then ends the cluster: hence a session of its own.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mnist_core.jobs.cluster", str(workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
        )
        try:
            self.client = _client(self._address(start_timeout_s), "The log of the server says more.")
        except BaseException:
            self._end()
            raise

    def is_alive(self) -> bool:
        """Tell whether the cluster's process and our connection to it are there."""
        return self._process.poll() is None and self.client.status == "running"

    def close(self) -> None:
        """End the cluster with all its workers."""
        _close(self.client)
        self._end()

    def _address(self, timeout_s: float) -> str:
        too_late = threading.Timer(timeout_s, self._process.kill)  # which ends the reading as well
        too_late.start()
        line = self._process.stdout.readline() if self._process.stdout else b""
        too_late.cancel()
        if not line:
            raise EngineError("The local cluster ended before it was ready. The log of the server says why.")
        return str(json.loads(line)["address"])

    def _end(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(_END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def _client(address: str, advice: str) -> Client:
    try:
        return Client(address, set_as_default=False, timeout=_CONNECT_TIMEOUT_S, name="mnist-engine")
    except (OSError, TimeoutError, ValueError) as error:
        raise EngineError(f"The training workers at {address} cannot be reached: {error}. {advice}") from error


def _close(client: Client) -> None:
    # A scheduler that is gone cannot say goodbye.
    with suppress(OSError, TimeoutError):
        client.close(timeout=_END_TIMEOUT_S)


def _environment() -> dict[str, str]:
    """Return our environment, in which the child finds this package wherever the server was started from."""
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
