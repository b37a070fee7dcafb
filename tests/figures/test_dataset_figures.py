"""The figures of the Dataset page draw the numbers they were given, labelled."""

import numpy as np
import pytest

from mnist_core.data.classes import DIGITS, FASHION
from mnist_core.data.dataset import Dataset, Split
from mnist_core.data.projection import Projection
from mnist_core.data.statistics import distribution, intensity_histograms
from mnist_core.figures.distribution import class_distribution
from mnist_core.figures.heatmaps import class_heatmaps, difference_heatmap, ink_map, pixel_values
from mnist_core.figures.intensity import intensity_histogram
from mnist_core.figures.projection import image_map

LABELS = np.array([0, 1, 1, 3], np.uint8)
SPLIT = Split(np.arange(4 * 784, dtype=np.uint16).astype(np.uint8).reshape(4, 28, 28), LABELS)


def test_the_distribution_shows_shares_with_counts_on_hover():
    figure = class_distribution(distribution(Dataset("tiny", "a test", SPLIT, SPLIT)), DIGITS)
    training, test = figure.data
    assert (training.name, test.name) == ("training set", "test set")
    assert list(training.y[:4]) == [0.25, 0.5, 0, 0.25]
    assert list(training.customdata[:4]) == [1, 2, 0, 1]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("digit", "share of the set")


def test_ten_images_lie_in_two_rows_of_five_with_gaps():
    images = np.arange(10)[:, None, None] * np.ones((28, 28))
    images[9] = np.nan
    (heatmap,) = class_heatmaps(images, "mean grey level", FASHION).data
    canvas = np.array(heatmap.z, float)
    assert canvas.shape == (60, 150)
    assert canvas[0, 0] == 0
    assert canvas[27, 30] == 1
    assert canvas[30, 0] == 5
    assert np.isnan(canvas[28, 0])
    assert np.isnan(canvas[30:58, 120:148]).all()
    assert list(heatmap.customdata[31][62]) == ["Sneaker", 1, 2]
    assert heatmap.colorbar.title.text == "mean grey level"


def test_a_difference_has_its_zero_in_the_middle_of_the_scale():
    first, second = np.zeros((28, 28)), np.zeros((28, 28))
    first[2, 3], second[4, 5] = 200, 50
    (heatmap,) = difference_heatmap(first, second, ("4", "9")).data
    assert heatmap.z[2][3] == 200
    assert heatmap.z[4][5] == -50
    assert heatmap.zmid == 0
    assert heatmap.colorbar.title.text.startswith("4 minus 9")


def test_never_inked_pixels_are_a_trace_of_their_own():
    frequency = np.full((28, 28), 0.01)
    frequency[0, :3] = 0
    ink, never = ink_map(frequency).data
    assert np.nanmin(np.array(ink.z, float)) == pytest.approx(-2)
    assert np.count_nonzero(np.array(never.z, float) == 1) == 3
    assert np.isnan(np.array(ink.z, float)[0, 0])


def test_pixel_values_are_written_where_ink_is_and_the_view_is_the_ink():
    image = np.zeros((28, 28), np.uint8)
    image[5, 7], image[9, 10] = 254, 3
    figure = pixel_values(image)
    (heatmap,) = figure.data
    assert (heatmap.text[5][7], heatmap.text[9][10], heatmap.text[0][0]) == ("254", "3", "")
    assert figure.layout.xaxis.range == (5.5, 11.5)
    assert figure.layout.yaxis.range == (10.5, 3.5)  # row 0 is above


def test_an_image_without_ink_is_shown_whole():
    figure = pixel_values(np.zeros((28, 28), np.uint8))
    assert figure.layout.xaxis.range is None


def test_intensities_are_shares_on_a_log_axis_with_gaps_for_absent_levels():
    histograms = intensity_histograms(SPLIT)
    figure = intensity_histogram(histograms, (1, 3), DIGITS)
    assert [trace.name for trace in figure.data] == ["all images", "digit 1", "digit 3"]
    assert np.nansum(np.array(figure.data[1].y, float)) == pytest.approx(1)
    assert figure.layout.yaxis.type == "log"
    empty = intensity_histogram(histograms, (7,), DIGITS).data[1]
    assert np.isnan(np.array(empty.y, float)).all()


def test_the_map_has_a_trace_for_each_class_that_occurs_and_knows_each_image():
    projection = Projection(np.array([4, 8, 9, 11]), LABELS, np.arange(8.0).reshape(4, 2), np.array([0.3, 0.1]))
    figure = image_map(projection, FASHION)
    assert [trace.name for trace in figure.data] == ["T-shirt/top", "Trouser", "Dress"]
    assert list(figure.data[1].customdata) == [8, 9]
    assert list(figure.data[1].x) == [2, 4]
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert figure.layout.xaxis.title.text == "first direction (30.0% of the variance)"
