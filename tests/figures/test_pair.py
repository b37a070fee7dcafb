import numpy as np
import pandas as pd

from mnist_core.figures.live import payload
from mnist_core.figures.pair import differences_panel, pair_panels


def history(cost):
    return pd.DataFrame({"epoch": range(len(cost)), "cost": cost, "accuracy": [0.5] * len(cost)})


def test_both_runs_are_in_each_chart_with_keras_dashed_over_numpy():
    cost, accuracy = pair_panels(history([2.0, 1.0]), history([2.5]))
    assert [(series.name, series.role) for series in cost.series] == [("NumPy", "training"), ("Keras", "other")]
    assert [list(series.y) for series in cost.series] == [[2.0, 1.0], [2.5]]
    assert [list(series.y) for series in accuracy.series] == [[50, 50], [50]]


def test_a_run_that_has_not_begun_is_an_empty_curve():
    cost, _ = pair_panels(history([2.0]), history([]))
    assert payload(cost)["series"][1]["points"] == 0


def test_differences_are_on_a_log_axis_where_zero_leaves_a_gap():
    panel = differences_panel(pd.DataFrame({"epoch": [0, 1], "weights": [0.0, 1e-7], "cost": [1e-8, 0.0]}))
    assert panel.log
    weights, cost = (np.asarray(series.y) for series in panel.series)
    np.testing.assert_array_equal(weights, [np.nan, 1e-7])
    np.testing.assert_array_equal(cost, [1e-8, np.nan])
