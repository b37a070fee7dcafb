"""What the dispatcher decides by itself, and how it meets a cluster that does not start."""

import threading

import pytest

from mnist_core.errors import EngineError
from mnist_core.jobs.connection import ExternalConnection, LocalConnection
from mnist_core.jobs.dispatcher import threads_of_a_worker
from mnist_core.machine import available_cores
from mnist_core.settings import Settings
from tests.jobs.helpers import descendants, until


def test_local_workers_share_the_cores_and_anothers_decide_themselves():
    cores = available_cores()
    assert threads_of_a_worker(Settings(workers=1, scheduler_address=None)) == cores
    assert threads_of_a_worker(Settings(workers=cores, scheduler_address=None)) == 1
    assert threads_of_a_worker(Settings(workers=2 * cores, scheduler_address=None)) == 1
    assert threads_of_a_worker(Settings(workers=1, scheduler_address="tcp://host:8786")) is None


def test_a_scheduler_that_is_not_there_is_said_at_once_and_nothing_is_left_that_goes_on_trying():
    threads = {thread.ident for thread in threading.enumerate()}
    with pytest.raises(EngineError, match=r"tcp://127\.0\.0\.1:9 cannot be reached: .*refused"):
        ExternalConnection("tcp://127.0.0.1:9")
    assert {thread.ident for thread in threading.enumerate()} <= threads


def test_a_cluster_that_does_not_start_in_time_is_given_up():
    before = descendants()
    with pytest.raises(EngineError, match="ended before it was ready"):
        LocalConnection(1, start_timeout_s=0.01)
    until(lambda: descendants() <= before, "no orphan")
