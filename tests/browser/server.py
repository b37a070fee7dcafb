"""A real server for the tests: started as the README says, on a free port, ended with all that it started."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and the folder of its database."""

    url: str
    process: psutil.Process
    user_dir: Path

    def family(self) -> list[psutil.Process]:
        """Return the server's process and all that descend from it."""
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def running_server(user_dir: Path, script: str = "streamlit_app.py", **environment: str) -> Iterator[Server]:
    """Run `streamlit run` of `script` on a free port; afterwards end it and all processes it started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    log = user_dir / "server.log"
    with log.open("ab") as output:
        child = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**os.environ, "MNIST_USER_DIR": str(user_dir), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", psutil.Process(child.pid), user_dir)
    try:
        _wait_until_healthy(server, child, log)
        yield server
    finally:
        left = end(child, server)
    assert not left, f"The server left processes behind: {left}"


def _wait_until_healthy(server: Server, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"The server did not start. Its output:\n{log.read_text()}")


def end(child: subprocess.Popen[bytes], server: Server) -> list[psutil.Process]:
    """End a server as Ctrl-C or a service manager would; kill what is left after a while, and return what that was."""
    family = server.family() if child.poll() is None else []
    if child.poll() is None:
        child.terminate()
    _, left = psutil.wait_procs(family, timeout=STOP_TIMEOUT_S)
    for process in left:
        process.kill()
    child.wait()
    return left
