"""One set of signs in all figures: orange is positive, blue negative, ink light on dark, log axes in plain numbers."""

import numpy as np
import pytest

from mnist_core.data.classes import DIGITS
from mnist_core.figures import arrays, heatmaps
from mnist_core.figures.conventions import DIVERGING, NEGATIVE, POSITIVE, SEQUENTIAL, diverging_colours, log_ticks
from mnist_core.figures.update import sum_of_terms


def luminance(colour):
    """Return the relative luminance (WCAG 2.2) of a colour, uint8 (3,)."""
    share = np.asarray(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def test_orange_is_positive_blue_negative_and_zero_dark():
    negative, zero, positive = diverging_colours(np.array([-1.0, 0.0, 1.0])).astype(int)
    assert negative[2] > negative[0] + 100
    assert positive[0] > positive[2] + 100
    assert zero.max() < 40
    assert luminance(negative) == pytest.approx(luminance(positive), abs=0.12)


def test_the_larger_the_number_the_brighter_it_is_on_either_side():
    shades = [luminance(colour) for colour in diverging_colours(np.linspace(0, 1, 11))]
    assert shades == sorted(shades)
    assert [luminance(c) for c in diverging_colours(np.linspace(0, -1, 11))] == pytest.approx(
        sorted(luminance(c) for c in diverging_colours(np.linspace(0, -1, 11)))
    )


def test_every_picture_of_signed_numbers_has_the_same_scale_and_ink_is_light_on_dark():
    image = np.linspace(-1, 1, 784).reshape(28, 28)
    signed = [
        arrays.image_values(image, signed=True),
        arrays.unit_values(image[0], signed=True),
        arrays.kernel_values(image),
        heatmaps.difference_heatmap(image, -image, ("4", "9")),
    ]
    for figure in signed:
        assert [tuple(stop) for stop in figure.data[0].colorscale] == list(DIVERGING)
    ink = [
        arrays.image_values(abs(image), signed=False),
        heatmaps.class_heatmaps(abs(np.stack([image] * 10)), "ink", DIGITS),
    ]
    for figure in ink:
        assert [tuple(stop) for stop in figure.data[0].colorscale] == list(SEQUENTIAL)


def test_terms_that_add_are_of_the_positive_colour():
    (bars,) = sum_of_terms(["a", "b"], [1.0, -2.0], "z", -1.0).data
    assert (bars.increasing.marker.color, bars.decreasing.marker.color) == (POSITIVE, NEGATIVE)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, 1000], ["1", "10", "100", "1,000"]),
        ([1, 1500], ["1", "10", "100", "1,000", "10,000"]),
        ([3, 9], ["1", "1.5", "2", "3", "4", "5", "6", "8", "10", "15", "20", "30", "40", "50", "60", "80"]),
        ([0.03, 0.5, np.nan, 0], ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5"]),
        ([0.0002, 0.5], ["0.0001", "0.001", "0.01", "0.1", "1"]),
        ([2e-8, 4e-5], ["10<sup>-8</sup>", "10<sup>-7</sup>", "10<sup>-6</sup>", "10<sup>-5</sup>", "0.0001"]),
        ([1e-9, 1], ["10<sup>-8</sup>", "10<sup>-6</sup>", "0.0001", "0.01", "1"]),
        ([0, -1, np.inf], []),
    ],
)
def test_a_log_axis_is_marked_in_plain_numbers(values, texts):
    marks, shown = log_ticks(values)
    assert shown == texts
    assert len(marks) == len(texts)
