"""How far a measured accuracy can be trusted: an interval for one network, and a paired test between two."""

import math

from scipy.special import bdtr, ndtri  # scipy.stats would take 33 MB of the server's memory


def wilson_interval(correct: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a share, both ends in [0, 1] (Wilson 1927).

    Unlike the share plus or minus two standard errors, it never leaves [0, 1] and holds near 100 % too.

    Parameters
    ----------
    correct, n
        Images answered correctly, and images in all. With none, nothing is known: (0, 1).
    confidence
        How often such intervals hold the true share, in (0, 1).

    Raises
    ------
    ValueError
        `correct` is negative or more than `n`.
    """
    if not 0 <= correct <= n:
        raise ValueError(f"correct: expected 0 to n = {n}, received {correct}.")
    if n == 0:
        return 0.0, 1.0
    share, z = correct / n, float(ndtri((1 + confidence) / 2))
    scale = 1 + z**2 / n
    middle = (share + z**2 / (2 * n)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return (0.0 if correct == 0 else middle - half, 1.0 if correct == n else middle + half)


def mcnemar_exact(only_a_correct: int, only_b_correct: int) -> float:
    """Return the two-sided p value of McNemar's exact test: that two networks are equally good.

    Only images on which exactly one of the two is right tell them apart. If the networks were equally good, each such
    image would be a toss of a fair coin; the p value is how often such tosses would fall as unevenly or more so.

    Parameters
    ----------
    only_a_correct, only_b_correct
        Images that only the first, and only the second, network answers correctly.

    Raises
    ------
    ValueError
        A count is negative.
    """
    if min(only_a_correct, only_b_correct) < 0:
        raise ValueError(f"Expected counts of images, received {only_a_correct} and {only_b_correct}.")
    n = only_a_correct + only_b_correct
    # Both tails are alike, and where the two counts are they overlap.
    return min(1.0, 2 * float(bdtr(min(only_a_correct, only_b_correct), n, 0.5)))
