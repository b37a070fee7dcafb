"""Numbers as formulas show them."""

from pages.backpropagation.numbers import tex


def test_numbers_in_formulas():
    assert tex(0.25) == "0.25"
    assert tex(-0.0) == "0"
    assert tex(1.935e-10) == r"1.935 \times 10^{-10}"
    assert tex(-123456.0, 3) == r"-1.23 \times 10^{5}"
