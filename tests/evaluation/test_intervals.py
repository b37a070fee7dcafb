from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from mnist_core.evaluation import mcnemar_exact, wilson_interval

Z_95 = 1.959963984540054


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_is_the_textbook_formula(counts):
    correct, n = counts
    share = correct / n
    middle = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 / (1 + Z_95**2 / n) * sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2))
    assert wilson_interval(correct, n) == pytest.approx((middle - half, middle + half), abs=1e-9)


def test_wilson_interval_of_the_published_accuracy():
    assert wilson_interval(9540, 10_000) == pytest.approx((0.94972, 0.95793), abs=5e-6)


def test_wilson_interval_without_images_says_that_nothing_is_known():
    assert wilson_interval(0, 0) == (0, 1)


def test_wilson_interval_widens_with_confidence():
    assert wilson_interval(90, 100, 0.99)[0] < wilson_interval(90, 100)[0]


@pytest.mark.parametrize("correct", [-1, 11])
def test_wilson_interval_refuses_impossible_counts(correct):
    with pytest.raises(ValueError, match="expected 0 to n = 10"):
        wilson_interval(correct, 10)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_wilson_interval_is_scipys(counts, confidence):
    expected = binomtest(*counts).proportion_ci(confidence, method="wilson")
    assert wilson_interval(*counts, confidence) == pytest.approx(tuple(expected), abs=1e-12)


@given(st.integers(0, 5_000), st.integers(1, 5_000))
def test_mcnemar_is_scipys_two_sided_test(a, b):
    assert mcnemar_exact(a, b) == pytest.approx(binomtest(a, a + b).pvalue, rel=1e-9, abs=1e-300)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_counts_the_coin_tosses_at_least_as_uneven(a, b):
    n = a + b
    as_uneven = [heads for heads in range(n + 1) if abs(heads - n / 2) >= abs(a - n / 2)]
    assert mcnemar_exact(a, b) == pytest.approx(sum(comb(n, heads) for heads in as_uneven) / 2**n, rel=1e-9)
    assert mcnemar_exact(a, b) == mcnemar_exact(b, a)


def test_mcnemar_refuses_negative_counts():
    with pytest.raises(ValueError, match="received -1 and 3"):
        mcnemar_exact(-1, 3)
