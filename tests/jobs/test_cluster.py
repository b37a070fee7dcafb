"""The local cluster's own process, as the engine starts it."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress

import psutil
import pytest
from distributed import Client

from mnist_core.cluster.lanes import LANES
from mnist_core.jobs.connection import LocalConnection, security_of
from tests.jobs.helpers import descendants, until


@pytest.fixture
def cluster() -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """The cluster's process and the way to it."""
    command = [sys.executable, "-m", "mnist_core.cluster", "1"]
    hurried = {**os.environ, "DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT": "3s"}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=hurried)
    assert process.stdin is not None
    assert process.stdout is not None
    yield process, json.loads(process.stdout.readline())
    process.stdin.close()
    process.wait(30)
    process.stdout.close()


def test_only_this_machine_can_reach_it(cluster: tuple[subprocess.Popen[bytes], dict[str, str]]):
    family = [psutil.Process(cluster[0].pid), *descendants(cluster[0].pid)]
    listening = [c for member in family for c in member.net_connections() if c.status == psutil.CONN_LISTEN]
    assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}
    assert 8787 not in {connection.laddr.port for connection in listening}


def test_a_worker_that_left_for_good_is_replaced(cluster: tuple[subprocess.Popen[bytes], dict[str, str]]):
    way = cluster[1]
    with Client(way["address"], set_as_default=False, security=security_of(way)) as client:
        former = set(client.nthreads())
        client.retire_workers(list(former), close_workers=True)
        until(lambda: set(client.nthreads()) - former, "a new worker")
        assert list(client.nthreads().values()) == [len(LANES)]


def test_it_ends_with_its_workers_when_its_input_closes(cluster: tuple[subprocess.Popen[bytes], dict[str, str]]):
    process, _ = cluster
    family = {psutil.Process(process.pid), *descendants(process.pid)}
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
    until(lambda: not any(member.is_running() for member in family), "all have ended")


# As a stranger would: without a key, and with one of their own.
ATTACK = """
import asyncio, os, sys
from distributed.comm import connect
from distributed.security import Security
own = Security.temporary().get_connection_args("client")
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)  # nobody

async def identity(address, arguments):
    comm = await connect(address, timeout=3, **arguments)
    await comm.write({"op": "identity", "reply": True})
    return await comm.read()

async def ask(address, arguments):
    try:
        print("answered", await asyncio.wait_for(identity(address, arguments), 5), flush=True)
    except Exception as error:
        print("refused", type(error).__name__, flush=True)

async def main():
    for address in sys.argv[1:]:
        await asyncio.gather(ask(f"tcp://{address}", {}), ask(f"tls://{address}", own))

asyncio.run(main())
os._exit(0)
"""


def test_another_account_of_this_machine_can_do_nothing_with_its_ports(
    cluster: tuple[subprocess.Popen[bytes], dict[str, str]],
):
    family = [psutil.Process(cluster[0].pid), *descendants(cluster[0].pid)]
    listening = [c for member in family for c in member.net_connections() if c.status == psutil.CONN_LISTEN]
    addresses = sorted({f"127.0.0.1:{connection.laddr.port}" for connection in listening})
    assert cluster[1]["address"].removeprefix("tls://") in addresses
    attack = subprocess.run(
        [sys.executable, "-c", ATTACK, *addresses], capture_output=True, text=True, timeout=120, check=False
    )
    assert attack.stdout.count("refused") == 2 * len(addresses), attack.stderr[-2000:]
    assert "answered" not in attack.stdout
    for address in addresses:
        for path in ("/", "/status", "/info/main/workers.html", "/metrics", "/json/counts.json", "/health"):
            with (
                suppress(OSError, http.client.HTTPException),
                closing(http.client.HTTPConnection(address, timeout=5)) as to,
            ):
                to.request("GET", path)
                assert to.getresponse().status in {400, 404}, (address, path)


def test_workers_are_not_told_the_servers_secrets(monkeypatch: pytest.MonkeyPatch):
    secrets = {"MNIST_METRICS_TOKEN": "m", "MNIST_DATABASE_URL": "u", "STREAMLIT_SERVER_COOKIE_SECRET": "c"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MNIST_DATA_DIR", "/data")
    connection = LocalConnection(1)
    try:
        until(connection.client.nthreads, "a worker")
        (seen,) = connection.client.run(lambda: dict(os.environ)).values()
    finally:
        connection.close()
    assert not secrets.keys() & seen.keys()
    assert seen["MNIST_DATA_DIR"] == "/data"
