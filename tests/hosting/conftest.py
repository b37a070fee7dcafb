"""Two servers of the app on one PostgreSQL and one Dask cluster, behind nginx with the file that the project gives."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.server import ROOT, running_server
from tests.runs.postgres import new_database, postgres_server

TIMEOUT_S = 60.0
LOG = "log_format upstreams '$request_uri $upstream_addr'; access_log {folder}/access.log upstreams;"


@dataclass(frozen=True)
class Site:
    """What people reach, the servers behind it, and which of them nginx asked for what."""

    url: str
    servers: tuple[str, str]
    access_log: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start it all as `hosting/` says."""
    with ExitStack() as stack:
        database = new_database(stack.enter_context(postgres_server()).url)
        scheduler = stack.enter_context(dask_cluster(tmp_path_factory.mktemp("dask")))
        settings = {
            "MNIST_DATABASE_URL": database,
            "MNIST_SCHEDULER_ADDRESS": scheduler,
            "MNIST_TRUSTED_PROXIES": "127.0.0.1",
            "STREAMLIT_SERVER_COOKIE_SECRET": "the same for both",
        }
        folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
        servers = tuple(stack.enter_context(running_server(folder, **settings)).url for folder in folders)
        folder = tmp_path_factory.mktemp("nginx")
        yield Site(stack.enter_context(nginx(folder, servers)), servers, folder / "access.log")


@contextmanager
def nginx(folder: Path, servers: tuple[str, ...]) -> Iterator[str]:
    """Run nginx with `hosting/nginx.conf`, on a free port and with these servers; yield its address."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        message = "no nginx found: apt-get install nginx-light"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    port = free_port()
    site = (ROOT / "hosting" / "nginx.conf").read_text()
    upstreams = " ".join(f"server {server.removeprefix('http://')};" for server in servers)
    for given, here in (("listen 80;", f"listen 127.0.0.1:{port};"), ("server 127.0.0.1:8501;", upstreams)):
        assert site.count(given) == 1, given
        site = site.replace(given, here)
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"""
        daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
        events {{}}
        http {{ include /etc/nginx/mime.types; {temporary} {LOG.format(folder=folder)} {site} }}
    """
    (folder / "nginx.conf").write_text(whole)
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    try:
        until_listening(port, process, folder / "error.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def dask_cluster(folder: Path) -> Iterator[str]:
    """Run a scheduler and a worker as an operator does; yield the scheduler's address."""
    file = folder / "scheduler.json"
    of_both = ["--no-dashboard", "--host", "127.0.0.1", "--scheduler-file", str(file)]
    commands = [
        ["distributed.cli.dask_scheduler", "--port", "0", *of_both],
        ["distributed.cli.dask_worker", "--nthreads", "1", "--local-directory", str(folder), *of_both],
    ]
    with (folder / "log").open("w") as log:
        processes = [subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stderr=log) for command in commands]
        try:
            deadline = time.monotonic() + TIMEOUT_S
            while not (file.exists() and file.read_text().strip()):
                assert time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.05)
            yield json.loads(file.read_text())["address"]
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in reversed(processes):
                process.wait(60)


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until_listening(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a process listens on a port."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nginx does not listen. Its log:\n{log.read_text()}")
