"""A crowd that means ill, on one address, and an honest visitor who starts runs all the while."""

import asyncio
import time
from contextlib import suppress

import httpx2
from websockets.exceptions import InvalidStatus, WebSocketException

from mnist_core import TrainingConfig
from tests.attacks.measured import Measured
from tests.attacks.visitor import visiting

COOKIES, SUBMITS_EACH, FOREIGN, UPLOADS = 100, 10, 100, 200
AT_ONCE = 20
CROWD, HONEST = {"x-forwarded-for": "198.51.100.1"}, {"x-forwarded-for": "203.0.113.9"}
SLOW = TrainingConfig(epochs=10_000)
QUICK = TrainingConfig(epochs=1, train_size=2000)


async def flood(url: str, share: float) -> dict[str, object]:
    """Return how long the honest visitor waited for pages and for runs to start, and what became of the crowd's wishes.

    `share` of the flood is sent: 1 for 1,000 submits from 100 cookies, 100 connects of another site, 200 uploads.
    """
    gate, crowd = asyncio.Semaphore(AT_ONCE), Measured()
    attacks = [_submit(url, gate, crowd) for _ in range(round(COOKIES * share))]
    attacks += [_connect_from_elsewhere(url, gate, crowd) for _ in range(round(FOREIGN * share))]
    attacks += [_upload(url, gate, crowd) for _ in range(round(UPLOADS * share))]
    honest, over = Measured(), asyncio.Event()
    visits = asyncio.create_task(_be_honest(url, honest, over))
    await asyncio.gather(*attacks)
    over.set()
    await visits
    return {"honest": honest.summary(), "crowd": crowd.summary()}


async def _be_honest(url: str, measured: Measured, over: asyncio.Event) -> None:
    """Start a run, see it begin, look at another page, again and again until the flood is over, and at least twice."""
    async with visiting(url, HONEST) as visitor:
        rounds = 0
        while not over.is_set() or rounds < 2:
            began = time.monotonic()
            await visitor.start(QUICK)
            try:
                await visitor.until(lambda: "badge[queued]" not in visitor.text(), "that the run begins")
            except TimeoutError as error:
                measured.errors.append(str(error)[:300])
            measured.add("run starts", time.monotonic() - began)
            measured.add("page", await visitor.open("draw"))
            rounds += 1
        measured.errors += visitor.problems


async def _submit(url: str, gate: asyncio.Semaphore, crowd: Measured) -> None:
    """Press Start again and again with one cookie."""
    async with gate:
        try:
            async with visiting(url, CROWD) as visitor:
                for _ in range(SUBMITS_EACH):
                    await visitor.start(SLOW)
                    refused = any(element.alert.format == element.alert.ERROR for element in visitor.elements("alert"))
                    crowd.add("refused" if refused else "accepted", 0.0)
        except (OSError, LookupError, WebSocketException, httpx2.HTTPError) as error:
            crowd.errors.append(f"submit: {type(error).__name__}: {str(error)[:200]}")


async def _connect_from_elsewhere(url: str, gate: asyncio.Semaphore, crowd: Measured) -> None:
    async with gate:
        began = time.monotonic()
        with suppress(InvalidStatus):
            async with visiting(url, CROWD, cookie="a=b", origin="https://evil.example"):
                crowd.errors.append("another site was let in")
        crowd.add("foreign", time.monotonic() - began)


async def _upload(url: str, gate: asyncio.Semaphore, crowd: Measured) -> None:
    async with gate, httpx2.AsyncClient(timeout=60, headers=CROWD) as browser:
        began = time.monotonic()
        try:
            answer = await browser.put(f"{url}/_stcore/upload_file/nobody/file", content=b"x" * 5_000_000)
            if answer.is_success:
                crowd.errors.append("an upload of nobody was kept")
        except httpx2.HTTPError:
            pass  # refused before all of it was sent
        crowd.add("upload", time.monotonic() - began)
