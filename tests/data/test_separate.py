"""Two digits side by side are told from one digit in several strokes."""

import numpy as np
import pytest

from mnist_core import load_mnist
from mnist_core.data.separate import side_by_side
from mnist_core.data.strokes import render
from tests.data.digit_strokes import DIGITS, strokes

TEST = load_mnist().test.images / 255


def test_hardly_any_single_digit_counts_as_two():
    assert sum(map(side_by_side, TEST)) <= 10


def test_nearly_all_pairs_count_as_two():
    pairs = [np.hstack(TEST[pair]) for pair in np.random.default_rng(0).integers(0, len(TEST), (500, 2))]
    assert sum(map(side_by_side, pairs)) >= 490


@pytest.mark.parametrize("digit", DIGITS)
def test_on_the_pad_one_digit_is_one_and_two_are_two(digit):
    one = strokes(digit, 20, 80, 90, 130)
    assert not side_by_side(render(one))
    assert side_by_side(render([*one, *strokes(3, 160, 80, 90, 130)]))


def test_the_bar_of_a_five_and_a_speck_of_dust_are_no_second_digit():
    five = np.zeros((60, 60))
    five[5:9, 20:50] = five[15:55, 15:40] = 1.0
    assert not side_by_side(five)
    five[30:33, 55:58] = 1.0
    assert not side_by_side(five)


def test_nothing_is_no_pair():
    assert not side_by_side(np.zeros((28, 28)))
