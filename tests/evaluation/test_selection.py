import numpy as np
import pytest

from mnist_core.evaluation import summarize
from mnist_core.evaluation.selection import cell_indices, confused_pairs, error_indices


def test_each_cell_of_the_matrix_gives_exactly_its_images(predictions):
    confusion = summarize(predictions).confusion
    seen = []
    for true in range(10):
        for predicted in range(10):
            indices = cell_indices(predictions, true, predicted)
            assert len(indices) == confusion[true, predicted]
            assert all(predictions.labels[indices] == true)
            assert all(predictions.predicted[indices] == predicted)
            assert np.all(np.diff(predictions.confidences[indices]) <= 0)
            seen.extend(indices)
    assert sorted(seen) == list(range(10_000))


@pytest.mark.parametrize(
    ("by", "of_image"),
    [
        ("cost", lambda p, i: p.costs[i]),
        ("confidence", lambda p, i: p.confidences[i]),
        ("margin", lambda p, i: -p.margins[i]),
    ],
)
def test_errors_come_in_the_order_asked_for(predictions, by, of_image):
    indices = error_indices(predictions, by)
    assert set(indices) == set(np.flatnonzero(predictions.predicted != predictions.labels))
    assert np.all(np.diff(of_image(predictions, indices)) <= 0)


def test_confused_pairs_are_the_largest_cells_off_the_diagonal():
    confusion = np.diag(np.full(10, 90))
    confusion[4, 9], confusion[9, 4], confusion[2, 7] = 10, 30, 5
    table = confused_pairs(confusion, most=2)
    assert table.to_dict("records") == [
        {"true": 9, "predicted": 4, "count": 30, "share": 0.25},
        {"true": 4, "predicted": 9, "count": 10, "share": 0.1},
    ]
    assert len(confused_pairs(confusion)) == 3
    assert confused_pairs(np.diag(np.full(10, 90))).empty
