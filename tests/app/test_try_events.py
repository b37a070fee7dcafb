"""The stream of a try's events, read by a client as a browser reads it, while a worker's own functions train it."""

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mnist_core.jobs.attend import WorkOrder
from mnist_core.jobs.worker import train_run
from mnist_core.lessons.digits_to_watch import COUNT, digits_to_watch
from mnist_core.runs import OPERATOR, Who
from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.tries import BOUNDED, REPLACED, add_try
from mnist_core.settings import settings
from mnist_core.training import TrainingConfig
from pages.server import try_events
from pages.server.middleware import MIDDLEWARE
from pages.shared import presence, resources
from pages.shared.visitor import COOKIE, identity_of

CONFIG = TrainingConfig(epochs=2, batch_size=64, train_size=2000, hidden_units=(32,), validation_size=1000)


@dataclass
class Event:
    name: str
    data: dict


@pytest.fixture
def client():
    return TestClient(Starlette(routes=list(try_events.ROUTES), middleware=list(MIDDLEWARE)))


def read(client, try_id, query="") -> list[Event]:
    """Return all events of a try that ends."""
    answer = client.get(f"/tries/{try_id}/events{query}")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    blocks = [block for block in answer.text.split("\n\n") if block and not block.startswith(":")]
    return [_event(block) for block in blocks]


def _event(block: str) -> Event:
    name, data = block.split("\n")
    return Event(name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))


def train_in_background(store, try_id) -> threading.Thread:
    """Do what a dispatcher and its worker do."""
    queue = WorkQueue(store)
    ticket = queue.take(queue.waiting()[0])
    assert ticket.id == try_id
    thread = threading.Thread(target=train_run, args=(WorkOrder(ticket, store.url, 1, 60.0),))
    thread.start()
    return thread


def test_a_try_is_told_from_its_first_point_to_its_picture(client, store):
    try_id = add_try(store, CONFIG, 9, who=Who("me"))
    worker = train_in_background(store, try_id)
    first, *_, end = events = read(client, try_id)
    worker.join()
    assert first == Event("start", {"id": try_id, "epochs": 2, "images": 2000})
    seen = [point for event in events if event.name == "points" for point in event.data["points"]]
    stored = store.points(try_id, who=OPERATOR)
    assert [point["images_seen"] for point in seen] == stored.images_seen.tolist()
    assert [point["cost"] for point in seen] == stored.cost.tolist()
    epochs = [done for event in events if event.name == "points" for done in event.data["epochs"]]
    history = store.history(try_id, who=OPERATOR)
    assert [(done["images_seen"], done["validation_cost"]) for done in epochs] == [
        (2000, history.validation_cost[0]),
        (4000, history.validation_cost[1]),
    ]
    assert all(len(event.data["guesses"]) == COUNT for event in events if event.name == "points")

    assert end.name == "end"
    assert (end.data["state"], end.data["words"], end.data["count"]) == ("finished", "", 1000)
    assert (end.data["accuracy"], end.data["cost"]) == tuple(
        history.iloc[-1][["validation_accuracy", "validation_cost"]]
    )


def test_the_end_has_the_guesses_of_the_final_network_and_its_picture(client, store):
    try_id = add_try(store, CONFIG, 9, who=Who("me"))
    train_in_background(store, try_id).join()
    end = read(client, try_id, "?digit=39")[-1].data
    network, watched = store.network(try_id, who=OPERATOR), digits_to_watch(resources.dataset())
    assert end["digits"]["guesses"] == network.predict(watched.images).tolist()
    assert end["digits"]["labels"] == watched.labels.tolist() == sorted(list(range(10)) * 4)
    assert end["digits"]["probabilities"][0] == pytest.approx(network.predict_proba(watched.images)[0], abs=1e-4)
    assert end["network"]["label"] == 9
    layers = end["network"]["layers"]
    assert layers[-1]["values"] == pytest.approx(network.predict_proba(watched.images[39:])[0])
    assert len(json.dumps(end)) < 200_000


def test_a_queued_try_tells_its_place_and_a_replaced_one_why_it_ended(client, store):
    add_try(store, CONFIG, 9, who=Who("you"))
    older = add_try(store, CONFIG, 9, who=Who("me"))
    later = threading.Timer(0.5, lambda: add_try(store, CONFIG, 9, who=Who("me")))
    later.start()
    events = read(client, older)
    later.join()
    assert events[1] == Event("state", {"state": "queued", "place": 2, "words": ""})
    assert (events[-1].data["state"], events[-1].data["words"]) == ("replaced", REPLACED)
    assert (events[-1].data["digits"], events[-1].data["network"]) == (None, None)


def test_a_bounded_try_says_so_and_shows_what_it_learnt(client, store):
    try_id = add_try(store, CONFIG.model_copy(update={"epochs": 10_000}), 9, who=Who("me"))
    train_in_background(store, try_id).join()
    end = read(client, try_id)[-1].data
    assert (end["state"], end["words"]) == ("bounded", BOUNDED)
    assert end["accuracy"] > 0.8
    watched = digits_to_watch(resources.dataset()).images
    assert end["digits"]["guesses"] == store.network(try_id, who=OPERATOR).predict(watched).tolist()


def test_a_diverged_try_is_valid_json(client, store):
    try_id = add_try(store, CONFIG.model_copy(update={"learning_rate": 100.0, "weight_decay": 1.0}), 9, who=Who("me"))
    train_in_background(store, try_id).join()
    *_, points, end = (event.data for event in read(client, try_id))
    assert points["epochs"][-1]["cost"] is None
    assert end["state"] == "diverged"
    assert "learning rate" in end["words"]


def test_what_is_no_try_is_not_found(client, store):
    run = store.create(CONFIG, who=OPERATOR)
    assert client.get("/tries/nothing/events").status_code == 404
    answer = client.get(f"/tries/{run.id}/events")
    assert (answer.status_code, answer.json()["words"]) == (
        404,
        f"{run.name} is a run, not a try. See it on the Training page.",
    )


def test_a_hidden_try_is_told_to_its_owner_alone(client, store):
    mine, others = ({"cookie": f"{COOKIE}={letter * 43}"} for letter in "ab")
    try_id = add_try(store, CONFIG, 9, who=Who(identity_of("a" * 43)))
    train_in_background(store, try_id).join()
    store.share(try_id, "owner", who=OPERATOR)
    for stranger in (others, {}, {"cookie": f"{COOKIE}=made-up"}):
        answer = client.get(f"/tries/{try_id}/events", headers=stranger)
        assert (answer.status_code, "There is no run" in answer.json()["words"]) == (404, True)
    assert "event: end" in client.get(f"/tries/{try_id}/events", headers=mine).text
    store.share(try_id, "everybody", who=OPERATOR)
    assert "event: end" in client.get(f"/tries/{try_id}/events", headers=others).text


def test_who_has_signed_in_is_known_by_a_window_of_the_same_browser(client, store, monkeypatch):
    monkeypatch.setenv("MNIST_SIGN_IN", "required")
    settings.cache_clear()
    ada, cookie = Who("ada", is_signed_in=True), "a" * 43
    try_id = add_try(store, CONFIG, 9, who=ada)
    store.update(try_id, status="stopped", visibility="owner")

    def ask() -> int:
        return client.get(f"/tries/{try_id}/events", headers={"cookie": f"{COOKIE}={cookie}"}).status_code

    assert ask() == 403
    now = datetime.now(UTC)
    monkeypatch.setitem(presence._windows, "one", presence.Window(ada, identity_of(cookie), "Playground", now, now))
    assert ask() == 200
    bob = presence.Window(Who("bob", is_signed_in=True), identity_of("b" * 43), "Playground", now, now)
    monkeypatch.setitem(presence._windows, "two", bob)
    cookie = "b" * 43
    assert ask() == 404


def test_a_deleted_try_ends_the_stream(client, store):
    try_id = add_try(store, CONFIG, 9, who=Who("me"))
    later = threading.Timer(0.5, lambda: store.delete(try_id, who=OPERATOR))
    later.start()
    assert read(client, try_id)[-1].name == "gone"
    later.join()


def test_there_are_bounds_on_readers_and_on_what_they_ask(client, store, monkeypatch):
    try_id = add_try(store, CONFIG, 9, who=Who("me"))
    train_in_background(store, try_id).join()
    for digit in ("-1", "x", "1" * 5000, "\u0663"):
        assert read(client, try_id, f"?digit={digit}")[-1].data["network"]["label"] == 0
    assert read(client, try_id, "?digit=999")[-1].data["network"]["label"] == 9
    monkeypatch.setattr(try_events, "_MOST_READERS", 0)
    assert client.get(f"/tries/{try_id}/events").status_code == 503
