"""Many visitors of the Playground at once, each with a window and an event stream of its own, as a browser has them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import httpx2

from tests.attacks.measured import Measured
from tests.attacks.visitor import Visitor, visiting

SLIDER, BEGIN = "Learning rate", "0.02"
_TIMEOUT_S = 120.0


async def crowd(url: str, visitors: int, changes: int) -> str:
    """Let visitors move a slider at the same moments; return how long the answers took, and what they were told."""
    measured, places = Measured(), [0]
    everybody = asyncio.Barrier(visitors)
    await asyncio.gather(*(_play(url, changes, everybody, measured, places) for _ in range(visitors)))
    waited = f"the longest queue that was shown: number {max(places)}"
    return json.dumps({"visitors": visitors, **measured.summary(), "queue": waited})


async def _play(url: str, changes: int, everybody: asyncio.Barrier, measured: Measured, places: list[int]) -> None:
    """Move the slider again and again, each time together with all others, and note when the answer was there."""
    async with visiting(url) as visitor:
        began = time.monotonic()
        await visitor.open("playground")
        places += await _until_ended(url, visitor)
        measured.add("opening to the end of the first try", time.monotonic() - began)
        positions = visitor.positions(SLIDER)
        middle = positions.index(BEGIN)
        for number in range(1, changes + 1):
            await everybody.wait()
            began = time.monotonic()
            await visitor.slide(SLIDER, positions[middle + number % 6])
            places += await _until_ended(url, visitor)
            measured.add("finished new accuracy", time.monotonic() - began)
            await visitor.set_state("playground_stage", {})  # the page is shown again, with what the try has come to
        measured.errors += visitor.problems


async def _until_ended(url: str, visitor: Visitor) -> list[int]:
    """Follow the try that is shown to its end; return the places in the queue that were told."""
    places = []
    async for name, data in _events(f"{url}/tries/{visitor.query['try']}/events", visitor.cookie):
        if name == "state" and data["place"]:
            places.append(int(data["place"]))
        if name == "end" and data["state"] != "finished":
            visitor.problems.append(f"a try ended as {data['state']}: {data['words']}")
    return places


async def _events(address: str, cookie: str) -> AsyncIterator[tuple[str, dict[str, object]]]:
    """Yield the events of a stream, each with its name, until the server closes it."""
    name = ""
    async with (
        httpx2.AsyncClient(timeout=_TIMEOUT_S) as client,
        client.stream("GET", address, headers={"cookie": cookie}) as answer,
    ):
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))
