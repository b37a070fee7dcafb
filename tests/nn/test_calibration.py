import numpy as np
import pytest

from mnist_core.nn.calibration import calibrated, fit_temperature
from mnist_core.nn.losses import cross_entropy, softmax


@pytest.fixture(scope="module")
def answers():
    """Return logits, and labels drawn from their own probabilities: calibrated by construction."""
    rng = np.random.default_rng(5)
    logits = rng.normal(0, 3, (20_000, 10))
    return logits, (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)


@pytest.mark.parametrize("factor", [0.4, 1, 3.0])
def test_the_temperature_undoes_a_wrong_scale_of_the_logits(answers, factor):
    logits, labels = answers
    assert fit_temperature((factor * logits).astype(np.float32), labels) == pytest.approx(factor, rel=0.02)


def test_it_is_where_the_cost_is_lowest(answers):
    logits, labels = answers[0][:500] * 0.3, answers[1][:500]
    temperature = fit_temperature(logits, labels)
    lowest = cross_entropy(logits / temperature, labels).mean()
    for other in (0.99 * temperature, 1.01 * temperature):
        assert cross_entropy(logits / other, labels).mean() > lowest


def test_answers_without_an_error_are_sharpened_to_the_bound_and_only_errors_flattened():
    logits = np.eye(10)
    assert fit_temperature(logits, np.arange(10)) == pytest.approx(1 / 20, rel=1e-4)
    assert fit_temperature(logits, (np.arange(10) + 1) % 10) == pytest.approx(20, rel=1e-4)


@pytest.mark.parametrize("temperature", [0.05, 0.5, 1.0, 4.0, 20.0])
def test_probabilities_are_those_of_the_divided_logits(answers, temperature):
    logits = answers[0][:200]
    assert calibrated(softmax(logits), temperature) == pytest.approx(softmax(logits / temperature), abs=1e-12)
    assert calibrated(softmax(logits)[0], temperature) == pytest.approx(softmax(logits / temperature)[0], abs=1e-12)
