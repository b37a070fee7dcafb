"""Threads share work evenly and give results in order, however many there are."""

import threading

import pytest

from mnist_core.threads import Threads


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("items", [0, 1, 2, 7])
def test_results_come_in_order(count, items):
    with Threads(count) as threads:
        assert threads.map(lambda item: item * item, range(items)) == [item * item for item in range(items)]


def test_item_i_belongs_to_thread_i_modulo_count():
    with Threads(2) as threads:
        workers = threads.map(lambda _: threading.get_ident(), range(6))
    assert workers[0::2] == [threading.get_ident()] * 3
    assert len(set(workers[1::2])) == 1


def test_errors_reach_the_caller():
    with Threads(2) as threads, pytest.raises(ZeroDivisionError):
        threads.map(lambda item: 1 / item, [1, 0])
