import pandas as pd
import pytest

from mnist_core.runs import OPERATOR
from mnist_core.runs.progress import pace
from mnist_core.training import TrainingConfig


@pytest.fixture
def run(store):
    created = store.create(TrainingConfig(epochs=100), who=OPERATOR)
    store.update(created.id, status="running", epochs_done=20, epoch_share=0.5)
    return store.get(created.id, who=OPERATOR)


def elapsed(seconds: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"elapsed_s": seconds})


def test_nothing_is_known_before_the_first_epoch(run):
    assert (pace(run, elapsed([])).epochs_per_s, pace(run, elapsed([])).left_s) == (None, None)


def test_one_epoch_is_enough(run):
    assert pace(run, elapsed([4.0])).epochs_per_s == 0.25


def test_the_pace_is_that_of_the_last_ten_seconds(run):
    slow_then_fast = [10.0 * (n + 1) for n in range(10)] + [100 + 0.5 * (n + 1) for n in range(20)]
    speed = pace(run, elapsed(slow_then_fast))
    assert speed.epochs_per_s == pytest.approx(2.0)
    assert speed.left_s == pytest.approx((100 - 20.5) / 2)


def test_epochs_without_duration_have_no_pace(run):
    assert pace(run, elapsed([0.0])).epochs_per_s is None
