"""Overlaid curves keep one colour a run in every panel, and show only what was measured."""

import numpy as np
import pandas as pd

from mnist_core.figures.curves import curves
from mnist_core.figures.overlay import overlay_panels


def run(cost, validation=np.nan, points=None):
    count = len(cost)
    columns = {"epoch": range(count), "cost": cost, "accuracy": [0.5] * count}
    history = pd.DataFrame({**columns, "validation_cost": [validation] * count, "validation_accuracy": validation})
    return curves(history, points, images_per_epoch=100)


def test_each_run_is_a_curve_in_each_panel():
    cost, accuracy = overlay_panels({"a": run([2.0, 1.0]), "b": run([3.0])}, log=True)
    assert [series.name for series in cost.series] == ["a", "b"]
    assert list(cost.series[0].y) == [2.0, 1.0]
    assert cost.log
    assert list(accuracy.series[1].y) == [50.0]


def test_a_run_of_one_epoch_is_drawn_by_the_points_within_it():
    points = pd.DataFrame({"images_seen": [50, 100], "cost": [2.0, 0.5], "accuracy": [0.2, 0.9]})
    cost, accuracy = overlay_panels({"short": run([1.25], points=points), "long": run([3.0, 2.0])}, log=False)
    assert (list(cost.series[0].x), list(cost.series[0].y)) == ([0.5, 1.0], [2.0, 0.5])
    assert list(cost.series[1].x) == [0, 1]
    assert list(accuracy.series[0].y) == [20.0, 90.0]


def test_a_validation_panel_holds_the_runs_that_have_one_in_their_own_colours():
    panels = overlay_panels({"a": run([2.0]), "b": run([3.0], validation=0.9)}, log=False)
    assert [panel.title for panel in panels] == ["Cost", "Training accuracy in %", "Validation accuracy in %"]
    (only,) = panels[2].series
    assert (only.name, only.number, list(only.x), list(only.y)) == ("b", 1, [1.0], [90.0])
