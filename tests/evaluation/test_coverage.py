import numpy as np
import pytest

from mnist_core.evaluation import Predictions
from mnist_core.evaluation.coverage import choose_threshold, operate, risk_coverage


def answers(confidences, correct):
    """Return predictions of digit 0 with these probabilities, right or wrong."""
    rest = (1 - np.array(confidences)) / 9
    probabilities = np.column_stack([confidences, *[rest] * 9])
    return Predictions(np.log(probabilities), np.where(correct, 0, 1))


FIVE = answers([0.9, 0.8, 0.7, 0.7, 0.6], [True, True, False, True, False])


def test_each_threshold_has_its_coverage_and_risk_and_equal_probabilities_stay_together():
    table = risk_coverage(FIVE)
    assert table["threshold"].tolist() == pytest.approx([0.9, 0.8, 0.7, 0.6])
    assert table["coverage"].tolist() == [0.2, 0.4, 0.8, 1.0]
    assert table["risk"].tolist() == [0, 0, 0.25, 0.4]


@pytest.mark.parametrize(("error_rate", "accepted", "errors"), [(0, 2, 0), (0.2, 2, 0), (0.25, 4, 1), (0.5, 5, 2)])
def test_the_chosen_threshold_accepts_as_many_as_the_error_rate_allows(error_rate, accepted, errors):
    operation = operate(FIVE, choose_threshold(FIVE, error_rate))
    assert (operation.accepted, operation.errors, operation.count) == (accepted, errors, 5)
    assert operation.coverage == accepted / 5
    assert operation.risk == errors / accepted


def test_nothing_is_accepted_where_the_surest_answer_is_wrong():
    wrong = answers([0.9, 0.8], [False, True])
    operation = operate(wrong, choose_threshold(wrong, 0.1))
    assert (operation.threshold, operation.accepted, operation.risk) == (np.inf, 0, 0)


def test_on_a_real_network_accepting_all_answers_has_the_error_rate_as_its_risk(predictions):
    last = risk_coverage(predictions).iloc[-1]
    assert last["coverage"] == 1
    assert last["risk"] == pytest.approx(1 - predictions.correct.mean())
    assert operate(predictions, choose_threshold(predictions, 0.02)).risk <= 0.02
