import numpy as np
import pytest

from mnist_core.lessons.one_update import compute_update
from mnist_core.lessons.unit_sum import backward_sum, forward_sum, most_telling_unit, weight_gradients


@pytest.fixture
def update(network, dataset):
    return compute_update(network, dataset.train.images[0], int(dataset.train.labels[0]), 0.1)


def test_terms_rest_and_bias_add_up_to_the_weighted_sum(update):
    for layer in range(update.layers):
        for unit in (0, len(update.z[layer]) - 1):
            parts = forward_sum(update, layer, unit)
            assert parts.terms["product"].sum() + parts.rest + parts.bias == pytest.approx(parts.total, rel=1e-9)
            assert parts.total == update.z[layer][unit]
            assert len(parts.terms) + parts.rest_count == len(update.inputs(layer))


def test_terms_are_the_strongest_products(update):
    parts = forward_sum(update, 0, 4, strongest=5)
    products = update.x * update.before.kernels[0][:, 4]
    assert np.abs(parts.terms["product"]).min() >= np.sort(np.abs(products))[-6]
    row = parts.terms.iloc[0]
    assert row["value"] == update.x[int(row["source"])]
    assert row["value"] * row["weight"] == row["product"] == products[np.abs(products).argmax()]


def test_the_chain_rule_gives_the_networks_derivative(update):
    for layer in range(update.layers - 1):
        for unit in range(0, len(update.z[layer]), 7):
            chain = backward_sum(update, layer, unit)
            terms = chain.d_a.terms["product"].sum() + chain.d_a.rest
            assert terms == pytest.approx(chain.d_a.total, rel=1e-9, abs=1e-14)
            assert terms * chain.slope == pytest.approx(chain.d_z, rel=1e-9, abs=1e-14)


def test_a_weights_gradient_is_its_input_times_the_units_derivative(update):
    layer = update.layers - 1
    table = weight_gradients(update, layer, 2)
    np.testing.assert_allclose(table["gradient"], table["value"] * update.d_z[layer][2], rtol=1e-12)
    np.testing.assert_allclose(table["step"], -0.1 * table["gradient"], rtol=1e-9)
    assert table["gradient"].abs().is_monotonic_decreasing


def test_the_most_telling_unit_has_the_largest_derivative(update):
    unit = most_telling_unit(update, 0)
    assert abs(update.d_z[0][unit]) == np.abs(update.d_z[0]).max()
