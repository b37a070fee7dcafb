"""What one step does, drawn: terms, costs, step sizes, layers, snapshots."""

import numpy as np
import pandas as pd
import pytest

from mnist_core.figures.update import cost_of_probability, layer_bars, step_sizes, sum_of_terms


def test_terms_lead_to_their_total_and_all_bars_fit():
    figure = sum_of_terms(["a", "b", "bias"], [3.0, -5.0, 0.5], "z", -1.5)
    bars = figure.data[0]
    assert list(bars.x) == [3, -5, 0.5, -1.5]
    assert list(bars.measure) == ["relative"] * 3 + ["total"]
    low, high = figure.layout.xaxis.range
    assert low < -2
    assert high > 3


def test_the_cost_curve_marks_the_probability():
    marker = cost_of_probability(0.25).data[1]
    assert marker.x[0] == 0.25
    assert marker.y[0] == pytest.approx(np.log(4))
    assert cost_of_probability(0.0).data[1].y[0] == pytest.approx(np.log(1000))  # the curve's own end


def test_step_sizes_keep_costs_of_almost_nothing_on_the_log_axis_and_tell_them_as_they_are():
    curve = pd.DataFrame({"learning_rate": [0.1, 1.0], "image": [2.0, 1e-12]})
    figure = step_sizes(curve, {"image": "this image"}, 0.1)
    assert list(figure.data[0].y) == [2.0, 1e-6]
    assert list(figure.data[0].customdata) == [2.0, 1e-12]
    assert figure.layout.shapes[0].x0 == 0.1


def test_layers_with_a_gradient_of_0_say_so_on_a_log_axis():
    table = pd.DataFrame({"layer": [1, 2], "lesson": [0.0, 0.0], "remedy": [0.01, 0.001]})
    figure = layer_bars(table, {"lesson": "zeros", "remedy": "he"}, "gradient", log=True)
    lesson, remedy = figure.data
    assert list(lesson.text) == ["0", "0"]
    assert list(remedy.y) == [0.01, 0.001]
    low, high = figure.layout.yaxis.range
    assert list(np.log10(lesson.y)) == pytest.approx([low, low])  # no height
    assert low < -3 < -2 < high
