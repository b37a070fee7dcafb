"""Where the learning rate starts, peaks and ends."""

import pytest

from mnist_core.nn.schedules import learning_rate_at


def rates(schedule, steps=1000):
    return [learning_rate_at(schedule, 0.5, step, steps) for step in range(steps)]


def test_constant_stays():
    assert set(rates("constant")) == {0.5}


def test_cosine_falls_all_the_way():
    values = rates("cosine")
    assert values[0] == pytest.approx(0.5, rel=1e-4)
    assert values[499] == pytest.approx(0.25, rel=1e-2)
    assert 0 < values[-1] < 1e-5
    assert values == sorted(values, reverse=True)


def test_one_cycle_rises_for_a_tenth_then_falls():
    values = rates("one_cycle")
    assert 0 < values[0] < 0.01
    assert max(values) == pytest.approx(0.5, rel=0.01)
    assert values.index(max(values)) == pytest.approx(100, abs=1)
    assert 0 < values[-1] < 1e-5


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one_cycle"])
def test_a_single_step_moves(schedule):
    assert learning_rate_at(schedule, 0.5, 0, 1) > 0.1
