import numpy as np
import pytest
from scipy.stats import binomtest

from mnist_core.evaluation import Predictions
from mnist_core.evaluation.coverage import choose_threshold, operate, risk_coverage, upper_bound


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
    operation = operate(FIVE, choose_threshold(FIVE, error_rate, None))
    assert (operation.accepted, operation.errors, operation.count) == (accepted, errors, 5)
    assert operation.coverage == accepted / 5
    assert operation.risk == errors / accepted


def test_nothing_is_accepted_where_the_surest_answer_is_wrong():
    wrong = answers([0.9, 0.8], [False, True])
    operation = operate(wrong, choose_threshold(wrong, 0.1, None))
    assert (operation.threshold, operation.accepted, operation.risk) == (np.inf, 0, 0)


def test_on_a_real_network_accepting_all_answers_has_the_error_rate_as_its_risk(predictions):
    last = risk_coverage(predictions).iloc[-1]
    assert last["coverage"] == 1
    assert last["risk"] == pytest.approx(1 - predictions.correct.mean())
    assert operate(predictions, choose_threshold(predictions, 0.02, None)).risk <= 0.02


def test_the_upper_bound_is_that_of_clopper_and_pearson():
    errors, accepted = np.array([0, 3, 50, 7]), np.array([600, 1000, 2000, 7])
    expected = [
        binomtest(int(wrong), int(n)).proportion_ci(0.9, method="exact").high  # two-sided 90 % is one-sided 95 %
        for wrong, n in zip(errors, accepted, strict=True)
    ]
    assert upper_bound(errors, accepted) == pytest.approx(expected)
    # The rule of three: without an error among n, the share may still be about 3 / n.
    assert upper_bound(np.array([0]), np.array([600]))[0] == pytest.approx(3 / 600, rel=0.01)


def test_with_the_bound_new_images_exceed_the_allowed_share_seldom_without_it_often():
    rng, allowed = np.random.default_rng(0), 0.01
    exceeded = {None: 0, 0.95: 0}
    trials = 60
    for _ in range(trials):
        seen, new = (_drawn(rng, 3000) for _ in range(2))
        for confidence in exceeded:
            threshold = choose_threshold(seen, allowed, confidence)
            # Of answers given with probability p, the share 1 - p is wrong: the true share of errors is known.
            accepted = new.confidences[new.confidences >= threshold]
            exceeded[confidence] += len(accepted) > 0 and (1 - accepted).mean() > allowed
    assert exceeded[0.95] <= 0.15 * trials
    assert exceeded[None] >= 0.3 * trials


def _drawn(rng, count):
    """Return answers of a calibrated network."""
    confidences = np.clip(1 - rng.beta(0.3, 8, count), 0.11, 1 - 1e-9)
    return answers(confidences, rng.random(count) < confidences)
