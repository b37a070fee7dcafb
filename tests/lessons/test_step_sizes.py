import numpy as np
import pytest

from mnist_core import MLP
from mnist_core.lessons.one_update import compute_update
from mnist_core.lessons.step_sizes import LEARNING_RATES, batch_curve, image_curve, mean_cost


def test_the_curve_holds_the_cost_of_the_update_itself(network, dataset, batch):
    rate = LEARNING_RATES[12]
    update = compute_update(network, dataset.train.images[0], 5, rate)
    curve = image_curve(update, batch).set_index("learning_rate")
    assert curve.loc[rate, "image"] == pytest.approx(update.cost_after, rel=1e-9)
    assert curve.loc[rate, "others"] == pytest.approx(mean_cost(update.after, batch), rel=1e-9)
    assert list(curve.index) == list(LEARNING_RATES)


def test_short_steps_follow_the_slope(network, dataset, batch):
    """To first order, a step of length r lowers the cost by r times the squared norm of the gradient."""
    update = compute_update(network, dataset.train.images[0], 5, 0.1)
    shortest = image_curve(update, batch).iloc[0]
    expected = shortest["learning_rate"] * np.square(update.gradient.vector).sum()
    assert update.cost - shortest["image"] == pytest.approx(expected, rel=0.02)


def test_a_batchs_curve_falls_and_then_climbs(batch):
    network = MLP((784, 128, 64, 10))
    curve = batch_curve(network, batch)
    lowest = curve["cost"].argmin()
    assert 0 < lowest < len(curve) - 1
    assert curve["cost"].iloc[lowest] < mean_cost(network, batch) < curve["cost"].iloc[-1]
