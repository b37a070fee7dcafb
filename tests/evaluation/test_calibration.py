import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_core.evaluation import Predictions
from mnist_core.evaluation.calibration import at_temperature, expected_calibration_error, fit_temperature, reliability


@pytest.fixture(scope="module")
def calibrated():
    """Return answers whose labels are drawn from their own probabilities: calibrated by construction."""
    rng = np.random.default_rng(5)
    logits = rng.normal(0, 3, (40_000, 10))
    drawn = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    return Predictions(logits, drawn)


def test_the_temperature_of_calibrated_answers_is_1(calibrated):
    assert fit_temperature(calibrated) == pytest.approx(1, abs=0.02)
    assert expected_calibration_error(reliability(calibrated)) < 0.01


@pytest.mark.parametrize("factor", [0.4, 3.0])
def test_the_temperature_undoes_a_wrong_scale_of_the_logits(calibrated, factor):
    scaled = Predictions(calibrated.logits * factor, calibrated.labels)
    temperature = fit_temperature(scaled)
    assert temperature == pytest.approx(factor, rel=0.02)
    assert expected_calibration_error(reliability(scaled)) > 0.05
    assert expected_calibration_error(reliability(at_temperature(scaled, temperature))) < 0.01


def test_a_temperature_changes_no_answer(predictions):
    assert np.array_equal(at_temperature(predictions, 2.5).predicted, predictions.predicted)


@given(arrays(float, (20, 10), elements=st.floats(-30, 30)), arrays(np.int64, 20, elements=st.integers(0, 9)))
def test_the_table_counts_each_answer_once_and_the_error_is_a_share(logits, labels):
    table = reliability(Predictions(logits, labels))
    assert table["count"].sum() == 20
    assert 0 <= expected_calibration_error(table) <= 1


def test_expected_calibration_error_of_known_answers():
    sure = np.eye(10)[[0, 0, 0, 0]] * 1000
    assert expected_calibration_error(reliability(Predictions(sure, np.zeros(4, int)))) == 0
    assert expected_calibration_error(reliability(Predictions(sure, np.ones(4, int)))) == 1
    assert expected_calibration_error(reliability(Predictions(sure, np.array([0, 0, 0, 1])))) == 0.25


def test_the_table_holds_confidence_and_accuracy_of_each_step():
    logits = np.log([[0.75, 0.25] + [1e-12] * 8, [0.79, 0.21] + [1e-12] * 8, [0.95, 0.05] + [1e-12] * 8])
    row = reliability(Predictions(logits, np.array([0, 1, 0]))).iloc[7]
    assert (row["low"], row["high"], row["count"]) == pytest.approx((0.7, 0.8, 2))
    assert (row["confidence"], row["accuracy"]) == pytest.approx((0.77, 0.5))
