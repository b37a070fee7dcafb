"""The way to the workers: a local cluster in a process of its own, or a Dask scheduler that is there already."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from distributed import Client
from distributed.comm.addressing import get_address_host_port
from distributed.security import Security

from mnist_core.errors import EngineError
from mnist_core.settings import SECRET_VARIABLES, Settings

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
            [sys.executable, "-m", "mnist_core.cluster", str(workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
        )
        try:
            way = self._way(start_timeout_s)
            self.client = _client(way["address"], "The log of the server says more.", security_of(way))
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

    def _way(self, timeout_s: float) -> dict[str, str]:
        too_late = threading.Timer(timeout_s, self._process.kill)  # which ends the reading as well
        too_late.start()
        line = self._process.stdout.readline() if self._process.stdout else b""
        too_late.cancel()
        if not line:
            raise EngineError("The local cluster ended before it was ready. The log of the server says why.")
        way: dict[str, str] = json.loads(line)
        return way

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


def security_of(way: dict[str, str]) -> Security:
    """Return what opens a cluster that `mnist_core.cluster` started, from the line that it printed."""
    cert, key = way["cert"], way["key"]
    return Security(tls_ca_file=cert, tls_client_cert=cert, tls_client_key=key, require_encryption=True)


def _client(address: str, advice: str, security: Security | None = None) -> Client:
    try:
        _knock(address)
        return Client(address, set_as_default=False, timeout=_CONNECT_TIMEOUT_S, name="mnist-engine", security=security)
    except (OSError, TimeoutError, ValueError) as error:
        raise EngineError(f"The training workers at {address} cannot be reached: {error}. {advice}") from error


def _knock(address: str) -> None:
    """Raise OSError at once if nobody listens: a client would try again until its time is up, and could not be ended.

    The dispatcher asks again each second anyway.
    """
    socket.create_connection(get_address_host_port(address), _CONNECT_TIMEOUT_S).close()


def _close(client: Client) -> None:
    # A scheduler that is gone cannot say goodbye.
    with suppress(OSError, TimeoutError):
        client.close(timeout=_END_TIMEOUT_S)


def _environment() -> dict[str, str]:
    """Return our environment without secrets, in which the child finds this package wherever the server was started."""
    root = str(Path(__file__).parents[2])
    kept = {name: value for name, value in os.environ.items() if not _is_secret(name)}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


def _is_secret(name: str) -> bool:
    """Tell whether a variable holds what workers need not know. They are told of the store with each piece of work."""
    return name.upper() in SECRET_VARIABLES or name.upper().startswith("STREAMLIT_")
