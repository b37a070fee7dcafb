"""Exact facts about softmax and cross-entropy."""

import numpy as np
import pytest

from mnist_core.nn.losses import cross_entropy, softmax, softmax_cross_entropy


def test_equal_logits_cost_ln_10():
    logits, labels = np.zeros((5, 10), np.float32), np.arange(5)
    assert cross_entropy(logits, labels) == pytest.approx(np.log(10))
    assert softmax(logits) == pytest.approx(0.1)


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_extreme_logits_stay_finite(size):
    logits = np.zeros((2, 10), np.float32)
    logits[:, 3] = size
    d_logits = np.empty_like(logits)
    cost = softmax_cross_entropy(logits, np.array([3, 4]), 0.0, 2, d_logits).cost
    assert np.isfinite(cost)
    assert np.isfinite(d_logits).all()
    assert softmax(logits).sum(axis=1) == pytest.approx(1)
    assert cross_entropy(logits, np.array([3, 4])).sum() == pytest.approx(cost)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("order", ["C", "F"])
def test_cost_and_derivative_follow_the_definition(smoothing, order):
    rng = np.random.default_rng(0)
    logits = np.asarray(rng.normal(size=(20, 10)), order=order)
    labels = rng.integers(0, 10, 20)
    target = (1 - smoothing) * np.eye(10)[labels] + smoothing / 10
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    out = np.empty_like(logits)
    measured = softmax_cross_entropy(logits, labels, smoothing, 40, out)
    assert measured.cost == pytest.approx(-np.log(probabilities[np.arange(20), labels]).sum())
    assert measured.objective == pytest.approx(-(target * np.log(probabilities)).sum())
    assert out == pytest.approx((probabilities - target) / 40)
    assert measured.correct == (logits.argmax(axis=1) == labels).sum()
    assert measured.images == 20
    assert cross_entropy(logits, labels).sum() == pytest.approx(measured.cost)


def test_equal_logits_are_an_answer_too():
    """The first of equal logits is the answer, as in `MLP.predict`: a network of zeros says 0 to everything."""
    logits, labels = np.zeros((20, 10)), np.arange(20) % 10
    assert softmax_cross_entropy(logits, labels, 0.0, 20, np.empty_like(logits)).correct == 2
