import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from mnist_core import MLP
from mnist_core.data import Split
from mnist_core.evaluation import Predictions, evaluate, predict, summarize


def test_the_numbers_agree_with_an_independent_count(network, dataset):
    evaluation = evaluate(network, dataset.test)
    answers = network.predict_proba(dataset.test.images)
    labels = dataset.test.labels
    confusion = np.zeros((10, 10), int)
    cost = 0.0
    for probabilities, label in zip(answers.astype(float), labels, strict=True):
        confusion[label, np.argmax(probabilities)] += 1
        cost -= np.log(probabilities[label])
    assert evaluation.correct == confusion.trace() > 8000
    assert evaluation.errors == 10_000 - confusion.trace()
    assert evaluation.accuracy == confusion.trace() / 10_000
    assert np.array_equal(evaluation.confusion, confusion)
    assert evaluation.cost == pytest.approx(cost / 10_000, rel=1e-5)
    for digit, row in evaluation.per_class.iterrows():
        right, precision, recall = confusion[digit, digit], row["precision"], row["recall"]
        assert precision == pytest.approx(right / confusion[:, digit].sum())
        assert recall == pytest.approx(right / confusion[digit].sum())
        assert row["f1"] == pytest.approx(2 * precision * recall / (precision + recall))
        assert row["support"] == confusion[digit].sum() == np.count_nonzero(labels == digit)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=50))
def test_a_confusion_matrix_sums_to_n_with_true_digits_in_rows(pairs):
    labels, answers = np.array(pairs).T
    evaluation = summarize(Predictions(np.eye(10)[answers], labels))
    assert evaluation.confusion.shape == (10, 10)
    assert evaluation.confusion.sum() == evaluation.count == len(pairs)
    assert np.array_equal(evaluation.confusion.sum(axis=1), np.bincount(labels, minlength=10))
    assert np.array_equal(evaluation.confusion.sum(axis=0), np.bincount(answers, minlength=10))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=200))
def test_the_scores_are_scikit_learns(pairs):
    labels, answers = np.array(pairs).T
    evaluation = summarize(Predictions(np.eye(10)[answers], labels))
    expected = metrics.precision_recall_fscore_support(labels, answers, labels=range(10), zero_division=0)
    for name, scores in zip(("precision", "recall", "f1", "support"), expected, strict=True):
        assert evaluation.per_class[name].to_numpy() == pytest.approx(scores, abs=1e-15)
    assert np.array_equal(evaluation.confusion, metrics.confusion_matrix(labels, answers, labels=range(10)))


def test_each_answer_has_its_cost_confidence_and_margin():
    predictions = Predictions(np.log([[0.7, 0.2, 0.1] + [1e-9] * 7, [0.5, 0.1, 0.4] + [1e-9] * 7]), np.array([0, 2]))
    assert predictions.predicted.tolist() == [0, 0]
    assert predictions.correct.tolist() == [True, False]
    assert predictions.costs == pytest.approx([-np.log(0.7), -np.log(0.4)])
    assert predictions.confidences == pytest.approx([0.7, 0.5])
    assert predictions.margins == pytest.approx([0.5, 0.1])


def test_a_digit_that_never_occurs_scores_zero_without_a_warning():
    evaluation = summarize(Predictions(np.eye(10)[[3]], np.array([3])))
    assert evaluation.per_class["f1"].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_an_empty_split_is_refused(network, dataset):
    with pytest.raises(ValueError, match="expected at least one image"):
        evaluate(network, Split(dataset.test.images[:0], dataset.test.labels[:0]))


def test_a_network_for_other_images_is_refused(dataset):
    with pytest.raises(ValueError, match="expected 784 inputs and 10 outputs, received 784 and 3"):
        predict(MLP((784, 3)), dataset.test)
