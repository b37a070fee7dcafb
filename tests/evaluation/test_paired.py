import numpy as np
import pytest

from mnist_core.evaluation import Predictions, mcnemar_exact
from mnist_core.evaluation.paired import compare, disagreements, verdict

LABELS = np.zeros(40, int)


def answers(wrong):
    """Return answers that are wrong on the given images."""
    predicted = LABELS.copy()
    predicted[wrong] = 3
    return Predictions(np.eye(10)[predicted], LABELS)


def test_images_are_counted_by_who_is_right():
    comparison = compare(answers(range(10)), answers(range(8, 12)))
    assert (comparison.both, comparison.only_first, comparison.only_second, comparison.neither) == (28, 2, 8, 2)
    assert comparison.p_value == mcnemar_exact(2, 8)
    assert comparison.difference == pytest.approx(30 / 40 - 36 / 40)


def test_disagreements_are_the_images_with_different_answers():
    assert disagreements(answers([1, 2]), answers([2, 5])).tolist() == [1, 5]


def test_the_verdict_names_the_better_network_only_where_chance_is_unlikely():
    clear = compare(answers(range(20)), answers([]))
    two_networks = (
        "This compares two networks, not two recipes: of pairs of the same recipe with other seeds, 17 % differ with "
        "p < 0.05. To compare recipes, train each with several seeds."
    )
    assert verdict(clear, "A", "B").endswith(f"That is hardly chance: B is better on such images. {two_networks}")
    assert "probability less than 0.001" in verdict(clear, "A", "B")
    close = compare(answers([1]), answers([2, 3]))
    assert verdict(close, "A", "B") == (
        "A alone is right on 2 images, B alone on 1 image. If both were equally good, chance would split these 3 at "
        "least as unevenly with probability 1 (McNemar's exact test). That is well within chance: neither is shown to "
        f"be better. {two_networks}"
    )


def test_the_verdict_on_equal_answers_says_so():
    same = compare(answers([4]), answers([4]))
    assert verdict(same, "A", "B") == (
        "A and B are right on exactly the same images: the test set shows no difference."
    )


def test_different_images_are_refused():
    with pytest.raises(ValueError, match="different labels"):
        compare(answers([]), Predictions(np.eye(10)[[1]], np.array([1])))
