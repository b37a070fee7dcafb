"""Durations of many kinds, and what went wrong meanwhile."""

from statistics import quantiles


class Measured:
    """Seconds that each kind of thing took, and what went wrong."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = {}
        self.errors: list[str] = []

    def add(self, kind: str, seconds: float) -> None:
        """Note one more duration."""
        self.took.setdefault(kind, []).append(seconds)

    def summary(self) -> dict[str, object]:
        """Return for each kind how many there were, the 95th percentile and the longest; and the errors."""
        shown = {
            kind: {
                "n": len(took),
                "p95_s": round(quantiles(took, n=20, method="inclusive")[-1], 3),
                "most_s": round(max(took), 3),
            }
            for kind, took in self.took.items()
            if len(took) > 1
        }
        return {**shown, "errors": len(self.errors), "first_errors": self.errors[:3]}
