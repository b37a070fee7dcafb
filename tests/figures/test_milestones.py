import numpy as np
import pandas as pd
import pytest

from mnist_core.figures.milestones import milestones


def history(epochs: int) -> pd.DataFrame:
    count = np.arange(epochs)
    return pd.DataFrame({"epoch": count, "cost": 1.0 / (count + 1), "accuracy": count / epochs})


def test_the_classic_run_is_compared_at_every_100th_epoch():
    table = milestones(history(1000), {0: 2.3896, 100: 0.3730})
    assert table["Epoch"].tolist() == [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 999]
    assert table["Published cost"].tolist()[:2] == [2.3896, 0.3730]
    assert table["Difference"][1] == pytest.approx(1 / 101 - 0.3730)
    assert table["Difference"][2:].isna().all()
    assert table["Training accuracy"][1] == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("epochs", "shown"), [(1, [0]), (3, [0, 1, 2]), (25, [0, 10, 20, 24]), (101, [*range(0, 101, 10)])]
)
def test_shorter_runs_have_closer_rows(epochs, shown):
    assert milestones(history(epochs), {})["Epoch"].tolist() == shown
    assert "Published cost" not in milestones(history(epochs), {})


def test_longer_runs_have_every_100th_epoch_too():
    assert milestones(history(10_000), {})["Epoch"].tolist() == [*range(0, 10_000, 100), 9999]


def test_before_the_first_epoch_the_table_is_empty():
    assert milestones(history(0), {}).empty
