import numpy as np
import pytest

from mnist_core import MLP
from mnist_core.lessons.check import check_update, is_measurable, measured_slope, start_of, telling_indices
from mnist_core.lessons.one_update import compute_update


def parts_of(update):
    return [*update.gradient.kernels, *update.gradient.biases]


def test_every_part_of_the_gradient_agrees_with_measurement(network, dataset):
    for image in (0, 5):
        update = compute_update(network, dataset.train.images[image], int(dataset.train.labels[image]), 0.1)
        for part in parts_of(update):
            checks = check_update(update, telling_indices(update, part, 4, seed=1))
            assert max(check.relative_error for check in checks) < 1e-6
            assert max(abs(check.numeric) for check in checks) == pytest.approx(np.abs(part).max(), rel=1e-6)


def test_it_agrees_where_the_network_is_nearly_certain(trained, dataset):
    costs = []
    for image in range(0, 200, 20):
        update = compute_update(trained, dataset.train.images[image], int(dataset.train.labels[image]), 0.1)
        costs.append(update.cost)
        for part in parts_of(update):
            checks = check_update(update, telling_indices(update, part, 3, seed=0))
            assert max(check.relative_error for check in checks) < 1e-6
    assert min(costs) < 1e-3


def test_a_wrong_gradient_is_found(network, dataset):
    update = compute_update(network, dataset.train.images[0], 5, 0.1)
    part = update.gradient.kernels[-1]
    index = telling_indices(update, part, 1, seed=0)[0]
    update.gradient.vector[index] *= 1.00001
    (check,) = check_update(update, [index])
    assert check.relative_error == pytest.approx(1e-5, rel=0.01)


def test_the_check_leaves_the_update_as_it_is(network, dataset):
    update = compute_update(network, dataset.train.images[0], 5, 0.1)
    before = update.before.parameters.copy()
    check_update(update, [0, 1, 2])
    assert np.array_equal(update.before.parameters, before)


def test_chosen_places_are_the_largest_and_others_that_are_not_zero(network, dataset):
    update = compute_update(network, dataset.train.images[0], 5, 0.1)
    for part in parts_of(update):
        indices = telling_indices(update, part, 3, seed=2)
        values = np.abs(update.gradient.vector[indices])
        assert len(set(indices)) == len(indices) >= 6
        assert values.min() > values.max() / 1000
        np.testing.assert_array_equal(values[:3], np.sort(np.abs(part).ravel())[::-1][:3])
        assert telling_indices(update, part, 3, seed=2) == indices


def test_parts_are_found_in_the_flat_vector(network, dataset):
    update = compute_update(network, dataset.train.images[0], 5, 0.1)
    for part in parts_of(update):
        start = start_of(update, part)
        np.testing.assert_array_equal(update.gradient.vector[start : start + part.size], part.ravel())


def test_a_slope_is_measured_beside_a_kink():
    vector = np.array([3e-3])
    slope = measured_slope(lambda: float(np.exp(vector[0]) + 5 * max(vector[0], 0.0)), vector, 0)
    assert slope == pytest.approx(np.exp(3e-3) + 5, rel=1e-8)


def test_a_derivative_far_below_the_cost_cannot_be_measured(trained, dataset):
    update = compute_update(trained, dataset.train.images[0], 1, 0.1)  # a 5, to be read as a 1
    part = update.gradient.biases[-1]
    smallest = start_of(update, part) + int(np.abs(part).argmin())
    largest = start_of(update, part) + int(np.abs(part).argmax())
    checks = check_update(update, [smallest, largest])
    assert [is_measurable(update, check) for check in checks] == [False, True]


def test_a_gradient_of_zeros_is_checked_too(dataset):
    update = compute_update(MLP((784, 16, 10), initializer="zeros"), dataset.train.images[0], 5, 0.1)
    indices = telling_indices(update, update.gradient.kernels[0], 3, seed=0)
    checks = check_update(update, indices)
    assert len(checks) == 6
    assert [check.analytic for check in checks] == [check.numeric for check in checks] == [0] * 6
