"""Numbers as formulas and sentences show them."""

from pages.backpropagation.numbers import tex
from pages.shared.words import points


def test_numbers_in_formulas():
    assert tex(0.25) == "0.25"
    assert tex(-0.0) == "0"
    assert tex(1.935e-10) == r"1.935 \times 10^{-10}"
    assert tex(-123456.0, 3) == r"-1.23 \times 10^{5}"


def test_differences_of_shares_have_a_sign_unless_they_are_none():
    assert points(0.0012) == "+0.12 points"
    assert points(-0.0012) == "−0.12 points"
    assert points(-0.00001) == points(0.0) == "0.00 points"
