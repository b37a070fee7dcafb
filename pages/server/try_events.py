"""A try as it goes on: ``GET /tries/<id>/events``, a stream of Server-Sent Events for `EventSource` in a component.

Its id is unguessable, and who has it has the link to the try; one that only its owner may see is there for its owner.

Each event's data is one JSON object. A reader that connects again gets everything from the start.

start    {"id", "epochs", "images"}: what is coming; forget what is shown. `images` is those of a pass.
state    {"state", "place", "words"}: "queued" (with its place, 1 = next) or "running", whenever that changes.
points   {"points": [{"images_seen", "cost", "accuracy"}],
          "epochs": [{"epoch", "images_seen", "cost", "accuracy", "validation_cost", "validation_accuracy"}],
          "guesses": [digit, ...] or null}: what is new; guesses are for the forty digits, in their order below.
end      {"state", "words", "accuracy", "cost", "count", "train_s",
          "digits": {"indices", "labels", "guesses", "probabilities"} or null, "network": picture or null}.
         `state` is "finished", "bounded" (its three seconds were over), "replaced" (by a newer try), "stopped",
         "diverged" or "failed"; `words` say why. `accuracy`, `cost` and `count` are those of the held-out images (no
         `cost` where the last pass was cut short);
         `indices` count the training set's images from 0; `probabilities` has ten numbers for each of the forty
         digits; `network` is the picture of `mnist_core.figures.living_network` for the digit ``?digit=0`` to 39.
gone     {"words"}: the try was deleted or cannot be read any more.

After `end` and `gone` the stream is closed: the reader closes its `EventSource`, which would connect again. 403 (a
sign-in is required), 404 and 503 (too many readers) have {"words"} as JSON.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from math import isfinite
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from mnist_core.errors import StoreError
from mnist_core.figures.living_network import living_network
from mnist_core.lessons.digits_to_watch import COUNT, digits_to_watch, watched_indices
from mnist_core.runs import Run, Who
from mnist_core.runs.tries import state_of
from mnist_core.runs.try_feed import News, TryFeed
from mnist_core.training.split import images_per_epoch
from pages.server import asker, ending
from pages.shared import resources

_LOOK_EVERY_S = 0.04
# Who is far back in the queue needs to know less often.
_LOOK_WHILE_WAITING_S = 0.15
_SIGN_OF_LIFE_EVERY_S = 15.0
_MOST_READERS = 200
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
_threads = CapacityLimiter(8)
_readers: set[object] = set()


async def try_events(request: Request) -> Response:
    """Answer with the stream."""
    digit = request.query_params.get("digit", "0")
    if len(_readers) >= _MOST_READERS:
        return JSONResponse({"words": "Too many people are watching tries right now. Try again in a moment."}, 503)
    who = asker.of_browser(request)
    if asker.is_shut_to(who):
        return JSONResponse({"words": asker.FOR_THE_SIGNED_IN}, 403)
    try:
        run = await to_thread.run_sync(_find, request.path_params["id"], who, limiter=_threads)
    except StoreError as error:
        return JSONResponse({"words": str(error)}, 404)
    index = min(int(digit), COUNT - 1) if digit.isascii() and digit.isdecimal() and len(digit) < 4 else 0
    return StreamingResponse(_stream(run, index, who), media_type="text/event-stream", headers=_HEADERS)


def _find(try_id: str, who: Who) -> Run:
    run = resources.store().get(try_id, who=who)
    if run.purpose != "try":
        raise StoreError(f"{run.name} is a run, not a try. See it on the Training page.")
    return run


async def _stream(run: Run, digit: int, who: Who) -> AsyncIterator[str]:
    """Yield the events until the try has ended; Starlette ends it when the reader leaves."""
    me = object()
    _readers.add(me)
    try:
        images = images_per_epoch(run.config, resources.dataset())
        yield _event("start", {"id": run.id, "epochs": run.config.epochs, "images": images})
        async for event in _follow(TryFeed(resources.store(), run, images)):
            yield event
        if ending.begun.is_set():
            return  # the page asks again, and another server or the next one answers
        yield _event("end", await to_thread.run_sync(_end, run.id, digit, who, limiter=_threads))
    except StoreError as error:
        yield _event("gone", {"words": str(error)})
    finally:
        _readers.discard(me)


async def _follow(feed: TryFeed) -> AsyncIterator[str]:
    """Yield states and points until the end."""
    known: tuple[object, ...] = ()
    said_at = time.monotonic()
    while not ending.begun.is_set():
        news = await to_thread.run_sync(feed.read, limiter=_threads)
        events = [*_state(news, known), *_points(news)]
        for event in events:
            yield event
        known = (news.state, news.place)
        if news.has_ended:
            return
        if events:
            said_at = time.monotonic()
        elif time.monotonic() - said_at > _SIGN_OF_LIFE_EVERY_S:
            said_at = time.monotonic()
            yield ": still here\n\n"
        await asyncio.sleep(_LOOK_WHILE_WAITING_S if (news.place or 0) > 1 else _LOOK_EVERY_S)


def _state(news: News, known: tuple[object, ...]) -> list[str]:
    if news.has_ended or known == (news.state, news.place):
        return []
    return [_event("state", {"state": news.state, "place": news.place, "words": news.words})]


def _points(news: News) -> list[str]:
    if not (news.points or news.epochs):
        return []
    return [_event("points", {"points": news.points, "epochs": news.epochs, "guesses": news.guesses})]


def _end(try_id: str, digit: int, who: Who) -> dict[str, Any]:
    """Return what is to be said of a try that has ended."""
    store, dataset = resources.store(), resources.dataset()
    run, history = store.get(try_id, who=who), store.history(try_id, who=who)
    last = None if history.empty or state_of(run) == "bounded" else history.iloc[-1]
    said: dict[str, Any] = {
        "state": state_of(run),
        "words": run.error,
        "accuracy": run.validation_accuracy,
        "cost": None if last is None or not isfinite(last.validation_cost) else float(last.validation_cost),
        "count": run.config.validation_size,
        "train_s": run.train_s,
        "digits": None,
        "network": None,
    }
    if run.status == "finished":
        network, watched = store.network(try_id, who=who), digits_to_watch(dataset)
        probabilities = network.predict_proba(watched.images)
        said["digits"] = {
            "indices": watched_indices(dataset).tolist(),
            "labels": watched.labels.tolist(),
            "guesses": probabilities.argmax(axis=1).tolist(),
            "probabilities": probabilities.round(4).tolist(),
        }
        image, label = watched.images[digit], int(watched.labels[digit])
        said["network"] = living_network(network, image, dataset.classes.names, label=label)
    return said


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, allow_nan=False)}\n\n"


ROUTES = (Route("/tries/{id}/events", try_events),)
