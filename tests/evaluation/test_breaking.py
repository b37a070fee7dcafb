"""Curves of what a network says as a digit is moved, turned and thickened."""

import numpy as np
import pytest

from mnist_core.data.classes import DIGITS
from mnist_core.data.mnist import load_mnist
from mnist_core.data.nudge import Nudge, nudge
from mnist_core.evaluation.breaking import RANGES, breaking_curves
from mnist_core.evaluation.reading import read
from mnist_core.figures.breaking import breaking_chart
from mnist_core.training.packaged_model import packaged_model

NETWORK, IMAGE = packaged_model().network, load_mnist().test.images[0]


def test_each_point_is_what_the_network_says_of_the_nudged_image():
    curves = breaking_curves(NETWORK, IMAGE, 7, Nudge(down_px=2))
    assert [curve.change for curve in curves] == list(RANGES)
    right, down, turn, _ = curves
    at = list(right.amounts).index(-3)
    there = NETWORK.predict_proba(nudge(IMAGE, Nudge(right_px=-3, down_px=2))[None])[0]
    assert right.probabilities[at] == pytest.approx(there[7], abs=1e-5)
    assert right.answers[at] == there.argmax()
    # The slider's own value is replaced on its curve: at 0 the image is the unchanged one.
    unmoved = list(down.amounts).index(0)
    assert down.probabilities[unmoved] == pytest.approx(NETWORK.predict_proba(IMAGE[None])[0, 7], abs=1e-5)
    assert down.answers[unmoved] == 7
    assert set(turn.answers) != {7}


def test_at_a_temperature_the_curves_show_what_the_reading_says():
    curves = breaking_curves(NETWORK, IMAGE, 7, Nudge(), temperature=0.5)
    unmoved = list(curves[0].amounts).index(0)
    assert curves[0].probabilities[unmoved] == pytest.approx(read(NETWORK, IMAGE, 0.5).probabilities[7], abs=1e-5)
    assert curves[0].probabilities[unmoved] > NETWORK.predict_proba(IMAGE[None])[0, 7] + 0.01


def test_the_chart_marks_where_another_digit_is_read():
    curves = breaking_curves(NETWORK, IMAGE, 7, Nudge())
    figure = breaking_chart(curves, 7, (0, 0, 0, 0), DIGITS)
    for curve, trace in zip(curves, figure.data, strict=True):
        assert np.array_equal(np.array(trace.marker.symbol) == "x", curve.answers != 7)
        assert np.allclose(trace.y, curve.probabilities)
