"""Numbers as they stand in a formula."""


def tex(value: float, digits: int = 4) -> str:
    """Return a number in LaTeX with so many digits, a power of ten written out, and no minus before 0."""
    mantissa, _, exponent = f"{value + 0.0:.{digits}g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa
