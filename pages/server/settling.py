"""Keep the garbage collector away from what lives as long as the server.

Streamlit collects garbage after each run of a page or fragment, which goes through all objects: 85 ms of processor time
for each live update. What is imported by then is no garbage, and out of the collector's sight it costs nothing.
"""

import gc

_settled: set[str] = set()


def settle_once(occasion: str) -> None:
    """Take all present objects out of the collector's sight, the first time that `occasion` is named.

    Each page is an occasion, because it imports what it needs when it is first shown.
    """
    if occasion not in _settled:
        _settled.add(occasion)
        gc.collect()
        gc.freeze()
