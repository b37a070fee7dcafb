"""What the server adds to Streamlit: a cookie, headers, refusals, and its health."""

import asyncio
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from mnist_core.runs import Who
from mnist_core.settings import settings
from pages.server import health
from pages.server.middleware import MIDDLEWARE
from pages.server.rate import HourlyLimit
from pages.server.visitor_cookie import is_valid
from pages.shared import presence, resources
from pages.shared.visitor import COOKIE
from tests.attacks.visitor import in_a_loop


@pytest.fixture
def settings_of(monkeypatch):
    """Return a function that sets settings as an operator would."""

    def change(**values):
        for name, value in values.items():
            monkeypatch.setenv(f"MNIST_{name.upper()}", value)
        settings.cache_clear()

    return change


async def page(_: Request) -> HTMLResponse:
    return HTMLResponse("<p>page</p>")


async def who(request: Request) -> JSONResponse:
    return JSONResponse([request.client.host, request.url.scheme])


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


def client(address=("203.0.113.5", 4000)):
    routes = [
        Route("/", page),
        Route("/who", who),
        Route("/_stcore/metrics", page),
        Route("/_stcore/upload_file/{session}/{file}", page, methods=["PUT"]),
        WebSocketRoute("/_stcore/stream", socket),
        *health.ROUTES,
    ]
    return TestClient(Starlette(routes=routes, middleware=list(MIDDLEWARE)), client=address)


HTML = {"accept": "text/html"}


def test_a_browser_gets_one_cookie_that_scripts_cannot_read():
    browser = client()
    answer = browser.get("/", headers=HTML)
    assert is_valid(answer.cookies[COOKIE])
    words = answer.headers["set-cookie"].lower()
    assert all(word in words for word in ("httponly", "samesite=lax", "path=/"))
    assert "secure" not in words
    assert "set-cookie" not in browser.get("/", headers=HTML).headers
    assert "set-cookie" not in client().get("/who").headers


@pytest.mark.parametrize("made_up", ["", "me", "x" * 44, "<script>", "a" * 42 + "."])
def test_a_made_up_cookie_is_replaced(made_up):
    answer = client().get("/", headers=HTML | {"cookie": f"{COOKIE}={made_up}"})
    assert is_valid(answer.cookies[COOKIE])


def test_behind_https_the_cookie_is_secure(settings_of):
    settings_of(trusted_proxies="127.0.0.1")
    answer = client(("127.0.0.1", 4000)).get("/", headers=HTML | {"x-forwarded-proto": "https"})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_every_answer_has_the_security_headers():
    headers = client().get("/who").headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("origin", ["https://evil.example", "http://testserver.evil.example", "null"])
def test_a_web_socket_of_another_site_is_refused_at_once(origin):
    with (
        pytest.raises(WebSocketDisconnect),
        client().websocket_connect("/_stcore/stream", headers={"origin": origin}) as opened,
    ):
        opened.receive_text()


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver"}])
def test_a_web_socket_of_this_site_is_let_through(headers):
    with client().websocket_connect("/_stcore/stream", headers=headers) as opened:
        assert opened.receive_text() == "hello"


def test_metrics_are_for_who_has_the_token(settings_of):
    assert client().get("/_stcore/metrics").status_code == 404
    settings_of(metrics_token="a long secret")
    assert client().get("/_stcore/metrics").status_code == 404
    assert client().get("/_stcore/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404
    assert client().get("/_stcore/metrics", headers={"authorization": "Bearer a long secret"}).status_code == 200


def test_only_a_trusted_proxy_may_say_whose_address_it_is(settings_of):
    forged = {"x-forwarded-for": "198.51.100.7"}
    assert client().get("/who", headers=forged).json()[0] == "203.0.113.5"
    settings_of(trusted_proxies="203.0.113.0/24")
    assert client().get("/who", headers=forged).json()[0] == "198.51.100.7"


def test_what_uvicorn_believed_of_this_machine_is_taken_back(settings_of):
    believed = ("198.51.100.7", 0)
    assert client(believed).get("/who").json()[0] == "127.0.0.1"
    settings_of(trusted_proxies="127.0.0.1, ::1")
    assert client(believed).get("/who").json()[0] == "198.51.100.7"


def test_an_upload_beyond_the_bound_or_of_unknown_size_is_refused(settings_of):
    settings_of(max_upload_bytes_per_session="1000")
    path = "/_stcore/upload_file/session/file"
    assert client().put(path, content=b"x" * 1000).status_code == 200
    assert client().put(path, content=b"x" * 1001).status_code == 413
    assert client().put(path, content=iter([b"x"])).status_code == 413
    assert client().put(path, content=b"x", headers={"content-length": "9" * 5000}).status_code == 413


def test_uploads_in_an_hour_are_bounded_by_cookie_and_by_address(settings_of):
    settings_of(max_uploads_per_hour="2", max_uploads_per_hour_and_address="3")
    server, path = client(), "/_stcore/upload_file/session/file"

    def put(letter: str) -> int:
        server.cookies.clear()
        return server.put(path, content=b"x", headers={"cookie": f"{COOKIE}={letter * 43}"}).status_code

    assert [put("a") for _ in range(3)] == [200, 200, 429]
    assert [put("b"), put("c"), put("d")] == [200, 429, 429]


def test_where_a_sign_in_is_required_only_sessions_that_have_signed_in_upload(settings_of, monkeypatch):
    settings_of(sign_in="required")
    now = datetime.now(UTC)
    for name, who in {
        "ada": Who("ada", is_signed_in=True),
        "teacher": Who("teacher", is_administrator=True),
        "stranger": Who("stranger"),
    }.items():
        monkeypatch.setitem(presence._windows, name, presence.Window(who, "", "Draw a digit", now, now))

    def put(session: str) -> int:
        return client().put(f"/_stcore/upload_file/{session}/file", content=b"x").status_code

    sessions = ("ada", "teacher", "stranger", "without a page", "")
    assert {session: put(session) for session in sessions} == {
        "ada": 200,
        "teacher": 200,
        "stranger": 403,
        "without a page": 403,
        "": 403,
    }


def test_an_hour_later_there_is_room_again():
    now = [0.0]
    hourly = HourlyLimit(lambda: now[0])
    assert [hourly.takes({"me": 2}) for _ in range(3)] == [True, True, False]
    now[0] = 3599.0
    assert not hourly.takes({"me": 2})
    now[0] = 3600.0
    assert hourly.takes({"me": 2})


def test_the_server_says_that_it_lives_and_what_it_waits_for():
    answer = client().get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})
    engine = resources.engine()  # told of a scheduler that does not exist

    async def until_it_knows() -> None:
        while not engine.problem:
            await asyncio.sleep(0.05)

    in_a_loop(asyncio.wait_for(until_it_knows(), 30))
    answer = client().get("/health/ready")
    assert answer.status_code == 503
    assert "cannot be reached" in answer.json()["problems"]["workers"]
