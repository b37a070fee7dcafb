"""The figures of the Evaluation page: what they say, not how they look."""

import numpy as np
import pandas as pd
import pytest

from mnist_core.figures.answer import answer_bars
from mnist_core.figures.calibration import confidence_counts, reliability_diagram, risk_coverage_chart
from mnist_core.figures.confusion import confusion_chart
from mnist_core.figures.robustness import robustness_curve

CONFUSION = np.diag(np.full(10, 90)) + np.eye(10, k=1, dtype=int) * 10


def cell(figure, true, predicted):
    """Return the clickable point of a cell: its place, and its count and shares."""
    points = figure.data[1]
    place = true * 10 + predicted
    assert (points.y[place], points.x[place]) == (true, predicted)
    return points.customdata[place].tolist()


def text(figure, true, predicted):
    """Return the number written into a cell."""
    texts = {(y, x): word for part in figure.data[2:] for y, x, word in zip(part.y, part.x, part.text, strict=True)}
    return texts[true, predicted]


def test_each_cell_of_the_matrix_can_be_clicked_and_knows_its_shares():
    figure = confusion_chart(CONFUSION)
    assert len(figure.data[1].x) == 100
    assert list(cell(figure, 4, 5)) == pytest.approx([10, 0.1, 0.1, "4", "5"])
    assert list(cell(figure, 0, 0)) == pytest.approx([90, 0.9, 1.0, "0", "0"])
    assert figure.data[0].hoverinfo == "skip"
    assert figure.layout.xaxis.title.text == "predicted digit"
    assert figure.layout.yaxis.title.text == "true digit"
    assert tuple(figure.layout.yaxis.range) == (9.5, -0.5)


@pytest.mark.parametrize(("unit", "expected"), [("images", "10"), ("% of row", "10.0"), ("% of column", "10.0")])
def test_cells_show_what_was_asked_for(unit, expected):
    figure = confusion_chart(CONFUSION, unit=unit)
    assert text(figure, 4, 5) == expected
    assert text(figure, 5, 4) == ""
    assert text(figure, 0, 0) == {"images": "90", "% of row": "90.0", "% of column": "100.0"}[unit]


def test_a_muted_diagonal_has_no_colour_and_leaves_the_scale_to_the_errors():
    muted, full = confusion_chart(CONFUSION, muted=True), confusion_chart(CONFUSION, muted=False)
    assert np.isnan(np.diag(muted.data[0].z)).all()
    assert (muted.data[0].zmax, full.data[0].zmax) == (10, 90)
    assert np.diag(full.data[0].z).tolist() == [90] * 10


def test_bars_mark_a_wrong_answer_and_the_truth():
    probabilities = np.array([0.7, 0.3] + [0] * 8)
    wrong, right = answer_bars(probabilities, 1), answer_bars(probabilities, 0)
    assert wrong.data[0].text[:2] == ("70.0 %", "30.0 %")
    assert len({*wrong.data[0].marker.color}) == 3
    assert wrong.data[0].marker.color[0] != right.data[0].marker.color[0]
    assert len({*right.data[0].marker.color}) == 2


def test_empty_steps_of_confidence_are_left_out():
    table = pd.DataFrame(
        {"low": [0, 0.5], "high": [0.5, 1], "count": [0, 7], "confidence": [np.nan, 0.8], "accuracy": [np.nan, 0.6]}
    )
    line = reliability_diagram({"as trained": table}).data[1]
    assert (line.name, list(line.x), list(line.y), list(line.customdata)) == ("as trained", [0.8], [0.6], [7])
    bars = confidence_counts({"as trained": table}).data[0]
    assert np.isnan(bars.y[0])
    assert bars.y[1] == 7


def test_the_allowed_risk_is_drawn_as_a_line():
    table = pd.DataFrame({"threshold": [0.9, 0.5], "coverage": [0.5, 1.0], "risk": [0.0, 0.1]})
    figure = risk_coverage_chart(table, 0.02)
    assert list(figure.data[0].y) == [0, 0.1]
    assert (figure.layout.shapes[0].y0, figure.layout.shapes[0].y1) == (0.02, 0.02)


def test_a_curve_has_a_tick_at_each_level():
    figure = robustness_curve(pd.DataFrame({"level": [0, 1, 4], "accuracy": [0.9, 0.8, 0.3]}), "shift in pixels")
    assert list(figure.layout.xaxis.tickvals) == [0, 1, 4]
    assert figure.layout.xaxis.title.text == "shift in pixels"
