"""Moving, turning and thickening do what their names say."""

import numpy as np
import pytest

from mnist_core.data.drawing import centre_of_mass
from mnist_core.data.mnist import load_mnist
from mnist_core.data.nudge import Nudge, nudge

IMAGE = load_mnist().test.images[0]


def bar():
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:15] = 255
    return image


def test_no_nudge_changes_nothing():
    assert np.array_equal(nudge(IMAGE, Nudge()), IMAGE)


def test_it_moves_right_and_down():
    assert np.array_equal(nudge(IMAGE, Nudge(right_px=3, down_px=-2)), np.roll(IMAGE, (-2, 3), (0, 1)))


def test_it_turns_clockwise():
    image = np.zeros((28, 28), np.uint8)
    image[2:6, 12:16] = 255
    assert centre_of_mass(nudge(image, Nudge(turn_deg=90))) == pytest.approx((13.5, 23.5), abs=0.01)
    assert np.array_equal(nudge(IMAGE, Nudge(turn_deg=90)), np.rot90(IMAGE, -1))


def test_a_turned_image_moves_as_the_screen_does():
    turned = centre_of_mass(nudge(bar(), Nudge(turn_deg=30)))
    moved = centre_of_mass(nudge(bar(), Nudge(turn_deg=30, right_px=4)))
    assert np.subtract(moved, turned) == pytest.approx((0, 4), abs=0.05)


@pytest.mark.parametrize(("amount", "width"), [(-1, 0), (-0.5, 1), (0, 2), (0.5, 3), (1, 4), (2.25, 6.5)])
def test_strokes_grow_at_both_sides(amount, width):
    assert nudge(bar(), Nudge(thicken_px=amount))[14].sum() / 255 == pytest.approx(width, abs=0.02)
