"""Memory of the whole app after a run has been trained and every page opened: ``python -m tests.benchmarks.memory``.

Each process counts with its PSS, in which memory shared by several processes counts once.
"""

import asyncio
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import psutil

from mnist_core import TrainingConfig
from mnist_core.training.query import to_query
from pages.places import PLACES
from tests.attacks.visitor import visiting
from tests.browser.server import Server, running_server

_RUN_TIMEOUT_S = 120.0


def main() -> None:
    """Print the megabytes of each process and of all, as one JSON object with --json."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        asyncio.run(open_every_page(server.url))
        table = megabytes(server)
    if "--json" in sys.argv[1:]:
        sys.stdout.write(json.dumps(table) + "\n")
        return
    for name, size in table.items():
        sys.stdout.write(f"{name:<12} {size:6.0f} MB\n")


async def open_every_page(url: str) -> None:
    """Train a network in one window and look at all there is about it; RuntimeError if a page is at fault."""
    async with visiting(url) as visitor:
        await visitor.open("training", urlencode(to_query(TrainingConfig.preset("fast"))))
        await visitor.press("Start training")
        await visitor.until(lambda: "badge[finished]" in visitor.text(), "a finished run", _RUN_TIMEOUT_S)
        for place in PLACES:
            await visitor.open(place.folder)
        if visitor.problems:
            raise RuntimeError("\n".join(visitor.problems))


def megabytes(server: Server) -> dict[str, float]:
    """Return the PSS of the server, of what it started, and of all together, in MB."""
    table: Counter[str] = Counter()
    for process in server.family():
        table[_kind(process)] += process.memory_full_info().pss / 1e6
    return {**table, "all": table.total()}


def _kind(process: psutil.Process) -> str:
    command = " ".join(process.cmdline())
    if "streamlit" in command:
        return "server"
    return "scheduler" if "mnist_core.cluster" in command else "worker"


if __name__ == "__main__":
    main()
