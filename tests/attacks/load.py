"""Sixty people at once, then a flood, on a server of its own: ``python -m tests.attacks.load [--seconds 300]``.

Half of the people watch a run that trains, a third draws, the others look through the evaluation of a run. After them,
a crowd that means ill keeps at it while one honest visitor starts runs. A full run needs 2 free cores and 7 minutes.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode

import httpx2
from websockets.exceptions import WebSocketException

from mnist_core import TrainingConfig
from tests.attacks.flood import flood
from tests.attacks.measured import Measured
from tests.attacks.visitor import Visitor, visiting
from tests.browser.server import Server, running_server

WATCH, DRAW, EVALUATE = 30, 20, 10
LONG = TrainingConfig(epochs=10_000, train_size=20_000)
QUICK = TrainingConfig(epochs=1, train_size=2000)
_THINK_S = {"training": 1.0, "draw": 2.0, "evaluation": 5.0}


def main() -> None:
    """Print what was measured, one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0, help="how long the sixty stay")
    parser.add_argument("--share", type=float, default=1.0, help="of the people and of the flood, for a busy machine")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder), MNIST_TRUSTED_PROXIES="127.0.0.1") as server,
    ):
        sys.stdout.write(json.dumps(asyncio.run(sixty(server, options.seconds, options.share))) + "\n")
        sys.stdout.write(json.dumps(asyncio.run(flood(server.url, options.share))) + "\n")


async def sixty(server: Server, seconds: float, share: float) -> dict[str, object]:
    """Let people watch, draw and evaluate; return durations of updates, errors, and the server's memory in MB."""
    measured = Measured()
    async with visiting(server.url) as owner:
        await owner.start(QUICK)
        await owner.until(lambda: "badge[finished]" in owner.text(), "a finished run")
        finished = owner.query["run"]
        await owner.start(LONG)
        running = owner.query["run"]
        pages = round(WATCH * share) * [("training", f"run={running}", Visitor.refresh)]
        pages += round(DRAW * share) * [("draw", "", draw)]
        pages += round(EVALUATE * share) * [("evaluation", f"run={finished}", look_again)]
        before = memory_mb(server)
        ends_at = time.monotonic() + seconds
        await asyncio.gather(*(stay(server.url, *page, ends_at, measured) for page in pages))
        during = memory_mb(server)
        await owner.press_once_there("Stop")
    await asyncio.sleep(min(seconds, 10))
    memory = {"before": before, "at_the_end": during, "after_they_left": memory_mb(server)}
    return {"people": len(pages), **measured.summary(), "server_mb": memory}


async def stay(
    url: str, page: str, query: str, act: Callable[[Visitor], Awaitable[float]], ends_at: float, measured: Measured
) -> None:
    """Be a person who does one thing again and again on a page."""
    try:
        await asyncio.sleep(random.uniform(0, 3))
        async with visiting(url) as visitor:
            measured.add(f"open {page}", await visitor.open(page, query))
            while time.monotonic() < ends_at:
                measured.add(page, await act(visitor))
                await asyncio.sleep(_THINK_S[page])
            measured.errors += visitor.problems
    except (OSError, LookupError, WebSocketException, httpx2.HTTPError) as error:
        measured.errors.append(f"{page}: {type(error).__name__}: {error}")


async def look_again(visitor: Visitor) -> float:
    """Show the page whole once more."""
    return await visitor.open(visitor.page, urlencode(visitor.query))


async def draw(visitor: Visitor) -> float:
    """Draw another stroke on the pad."""
    stroke = [random.uniform(40, 240) for _ in range(40)]
    return await visitor.set_state("drawing_pad", {"strokes": [stroke]})


def memory_mb(server: Server) -> int:
    """Return the PSS of the server's own process."""
    return round(server.process.memory_full_info().pss / 1e6)


if __name__ == "__main__":
    main()
