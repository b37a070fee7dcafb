"""How often somebody did something in the last hour, by cookie and by network address; kept in this process alone."""

import time
from collections import deque
from collections.abc import Callable, Mapping

_HOUR_S = 3600.0
# Of subjects that are remembered: a flood of made-up cookies must not fill the memory.
_MOST = 20_000


class HourlyLimit:
    """Counts what subjects do, and says when it is too much.

    Parameters
    ----------
    clock
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._done: dict[str, deque[float]] = {}

    def takes(self, most: Mapping[str, int]) -> bool:
        """Count once for each subject, unless one of them has done it as often as it may, in `most`, in an hour."""
        now = self._clock()
        for subject in most:
            done = self._done.get(subject)
            while done and done[0] <= now - _HOUR_S:
                done.popleft()
        if any(len(self._done.get(subject, ())) >= limit for subject, limit in most.items()):
            return False
        for subject in most:
            self._done.setdefault(subject, deque()).append(now)
        while len(self._done) > _MOST:
            del self._done[next(iter(self._done))]
        return True
