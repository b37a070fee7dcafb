"""The local cluster's own process, as the engine starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest
from distributed import Client

from tests.jobs.helpers import descendants, until


@pytest.fixture
def cluster() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The cluster's process and its address."""
    command = [sys.executable, "-m", "mnist_core.jobs.cluster", "1"]
    hurried = {**os.environ, "DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT": "3s"}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=hurried)
    assert process.stdin is not None
    assert process.stdout is not None
    yield process, json.loads(process.stdout.readline())["address"]
    process.stdin.close()
    process.wait(30)
    process.stdout.close()


def test_only_this_machine_can_reach_it(cluster: tuple[subprocess.Popen[bytes], str]):
    family = [psutil.Process(cluster[0].pid), *descendants(cluster[0].pid)]
    listening = [c for member in family for c in member.net_connections() if c.status == psutil.CONN_LISTEN]
    assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}
    assert 8787 not in {connection.laddr.port for connection in listening}


def test_a_worker_that_left_for_good_is_replaced(cluster: tuple[subprocess.Popen[bytes], str]):
    with Client(cluster[1], set_as_default=False) as client:
        former = set(client.nthreads())
        client.retire_workers(list(former), close_workers=True)
        until(lambda: set(client.nthreads()) - former, "a new worker")
        assert list(client.nthreads().values()) == [1]


def test_it_ends_with_its_workers_when_its_input_closes(cluster: tuple[subprocess.Popen[bytes], str]):
    process, _ = cluster
    family = {psutil.Process(process.pid), *descendants(process.pid)}
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
    until(lambda: not any(member.is_running() for member in family), "all have ended")
