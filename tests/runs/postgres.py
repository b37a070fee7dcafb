"""A PostgreSQL of the tests' own: Debian's binaries, a temporary folder, a free port, ended afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

_numbers = count()


def binaries() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    message = "no PostgreSQL found: apt-get install postgresql"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def new_database(server: str) -> str:
    """Create an empty database and return its URL."""
    name = f"runs_{next(_numbers)}"
    with psycopg.connect(f"{server.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@dataclass(frozen=True)
class Server:
    """A server: its SQLAlchemy URL without a database name, and how to take it away for a while."""

    url: str
    start: Callable[[], None]
    stop: Callable[[], None]


@contextmanager
def postgres_server() -> Iterator[Server]:
    """Run a server of our own."""
    programs = binaries()
    # initdb refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="mnist-postgres-"))
    if as_user:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, programs / program, "-D", data, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    def start() -> None:
        run("pg_ctl", "-o", f"-p {port} -h 127.0.0.1 -k {folder} -F", "-l", str(folder / "log"), "-w", "start")

    def stop() -> None:
        run("pg_ctl", "-m", "immediate", "-w", "stop")

    try:
        run("initdb", "-U", "mnist", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        start()
        try:
            yield Server(f"postgresql+psycopg://mnist@127.0.0.1:{port}", start, stop)
        finally:
            stop()
    finally:
        shutil.rmtree(folder)
