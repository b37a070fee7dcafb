"""Overlaid curves keep one colour a run in every panel, and show only what was measured."""

import numpy as np
import pandas as pd

from mnist_core.figures.overlay import overlay_panels


def history(cost, validation=np.nan):
    count = len(cost)
    return pd.DataFrame(
        {"epoch": range(count), "cost": cost, "accuracy": [0.5] * count, "validation_accuracy": [validation] * count}
    )


def test_each_run_is_a_curve_in_each_panel():
    cost, accuracy = overlay_panels({"a": history([2.0, 1.0]), "b": history([3.0])}, log=True)
    assert [series.name for series in cost.series] == ["a", "b"]
    assert list(cost.series[0].y) == [2.0, 1.0]
    assert cost.log
    assert list(accuracy.series[1].y) == [50.0]


def test_a_validation_panel_holds_the_runs_that_have_one_in_their_own_colours():
    panels = overlay_panels({"a": history([2.0]), "b": history([3.0], validation=0.9)}, log=False)
    assert [panel.title for panel in panels] == ["Cost", "Training accuracy in %", "Validation accuracy in %"]
    (only,) = panels[2].series
    assert (only.name, only.number, list(only.y)) == ("b", 1, [90.0])
