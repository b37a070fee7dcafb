"""Arrays of a network as heatmaps: every number is there, in its place, under a scale with 0 in the middle."""

import numpy as np
import pytest

from mnist_core.figures.arrays import class_rows, image_values, kernel_values, unit_values


def test_an_image_keeps_its_numbers_and_has_row_0_at_the_top():
    image = np.arange(784.0).reshape(28, 28) / 784
    figure = image_values(image, signed=False)
    np.testing.assert_array_equal(figure.data[0].z, image)
    assert figure.layout.yaxis.autorange == "reversed"
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, image.max())


def test_signed_numbers_have_0_in_the_middle_of_the_scale():
    figure = kernel_values(np.array([[-3.0, 1.0], [0.5, 2.0]]))
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-3, 3)


@pytest.mark.parametrize("units", [1, 10, 16, 20, 128, 512, 1000])
def test_each_unit_has_a_cell_that_names_it(units):
    values = np.linspace(-1, 1, units) + 2
    heatmap = unit_values(values, signed=True).data[0]
    cells = np.array(heatmap.z).ravel()
    numbers = np.array(heatmap.customdata).ravel()
    filled = ~np.isnan(cells)
    np.testing.assert_array_equal(cells[filled], values)
    np.testing.assert_array_equal(numbers[filled], np.arange(units))


def test_the_chosen_unit_is_framed():
    figure = unit_values(np.arange(20.0), signed=True, chosen=17)
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, 0.5, 1.5)


def test_numbers_of_classes_are_written_into_their_cells():
    rows = {"before": np.full(10, 0.1), "after": np.eye(10)[3]}
    figure = class_rows(rows, 3, signed=False)
    heatmap = figure.data[0]
    assert list(heatmap.y) == ["before", "after"]
    assert heatmap.text[0][0] == "0.10"
    assert heatmap.text[1][3] == "1.00"
    assert figure.layout.shapes[0].x0 == 2.5


def test_a_layer_of_zeros_is_drawn():
    heatmap = unit_values(np.zeros(16), signed=True).data[0]
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)
