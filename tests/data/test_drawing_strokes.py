"""Strokes from a browser are checked and drawn as the pad draws them."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_core.data.strokes import MOST_POINTS, PEN_SHARE, THICKEST_PX, THINNEST_PX, parse, pen_width, render

PAD_SCRIPT = Path(__file__).parents[2] / "pages" / "shared" / "drawing_pad.js"


def test_a_line_is_as_long_and_thick_as_it_was_drawn():
    ink = render([[(40, 140), (240, 140)]])
    assert ink.shape == (280, 280)
    assert pen_width([[(40, 140), (240, 140)]]) == pytest.approx(22)
    assert ink[140, 100] == 1
    assert ink[:, 100].sum() == pytest.approx(22, abs=1)
    assert ink[140].sum() == pytest.approx(200 + 22, abs=2)


def test_the_pen_suits_the_size_of_the_digit():
    assert pen_width([]) == THINNEST_PX
    assert pen_width([[(10, 10), (10, 110)]]) == pytest.approx(11)
    assert pen_width([[(0, 0), (280, 280)]]) == THICKEST_PX


def test_the_browser_draws_with_the_same_pen():
    numbers = re.search(r"SHARE = ([\d.]+), THINNEST = (\d+), THICKEST = (\d+)", PAD_SCRIPT.read_text()).groups()
    assert [float(number) for number in numbers] == [PEN_SHARE, THINNEST_PX, THICKEST_PX]


def test_a_tap_is_a_dot_and_nothing_is_nothing():
    assert render([[(140, 140)]]).sum() == pytest.approx(np.pi * (THINNEST_PX / 2) ** 2, rel=0.15)
    assert render([]).sum() == 0


def test_points_come_in_pairs_and_stay_on_the_pad():
    assert parse([[1, 2, 3, 4], [-5, 900, 7]]) == [[(1, 2), (3, 4)], [(0, 280)]]


@pytest.mark.parametrize(
    "received",
    [None, "strokes", 7, {}, [1, 2], [["a", 1]], [[None, 1]], [[True, False]], [[float("nan"), 1]], [[[1, 2]]]],
)
def test_anything_else_is_no_strokes(received):
    assert parse(received) == []


def test_too_many_points_are_refused():
    assert parse([[1, 2] * (MOST_POINTS + 1)]) == []
    assert len(parse([[1, 2] * MOST_POINTS])[0]) == MOST_POINTS


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=20)


@settings(deadline=None)
@given(JSON)
def test_whatever_is_sent_can_be_drawn(received):
    ink = render(parse(received))
    assert ink.min() >= 0
    assert ink.max() <= 1
