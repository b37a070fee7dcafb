"""Samples are of the digit asked for, never twice the same image, and repeatable."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.data.dataset import Split
from mnist_core.data.samples import sample_indices

LABELS = np.array([0, 1, 2, 1, 1, 5, 1, 1], np.uint8)
SPLIT = Split(np.zeros((8, 28, 28), np.uint8), LABELS)


@given(st.none() | st.integers(0, 9), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_samples_are_different_images_of_the_digit(digit, count, seed):
    indices = sample_indices(SPLIT, digit, count, seed)
    candidates = 8 if digit is None else np.count_nonzero(digit == LABELS)
    assert len(set(indices.tolist())) == len(indices) == min(count, candidates)
    assert digit is None or (LABELS[indices] == digit).all()
    assert np.array_equal(indices, sample_indices(SPLIT, digit, count, seed))


def test_another_seed_draws_others():
    drawn = {tuple(sample_indices(SPLIT, None, 4, seed)) for seed in range(20)}
    assert len(drawn) > 15
