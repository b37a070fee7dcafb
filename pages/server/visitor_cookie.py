"""The cookie by which a browser is recognised: random, out of reach for scripts, and kept nowhere but in the browser.

It says nothing about a person. The run store keeps a hash of it (`pages.shared.visitor`).
"""

import re
import secrets
from http.cookies import SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.shared.visitor import COOKIE

_BYTES = 32
# Where a request's scope has the cookie that its answer will bring.
_GIVEN = "mnist.given_cookie"
_YEAR_S = 365 * 24 * 3600
_VALID = re.compile(r"[A-Za-z0-9_-]{43}")


class VisitorCookie:
    """ASGI middleware that gives a cookie to each browser that opens a page without one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and add the cookie to the answer where it is due."""
        if scope["type"] != "http" or not _opens_a_page(scope) or cookie_of(HTTPConnection(scope)) is not None:
            await self._app(scope, receive, send)
            return
        value = secrets.token_urlsafe(_BYTES)
        scope[_GIVEN] = value
        cookie = _in_words(value, secure=scope["scheme"] == "https")

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def cookie_of(connection: HTTPConnection) -> str | None:
    """Return the cookie by which this browser is known, also where the answer only brings it; None without one."""
    value = connection.cookies.get(COOKIE)
    given: str | None = connection.scope.get(_GIVEN)
    return value if is_valid(value) else given


def is_valid(value: str | None) -> bool:
    """Tell whether a cookie's value has the form of one of ours."""
    return value is not None and _VALID.fullmatch(value) is not None


def _opens_a_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def _in_words(value: str, *, secure: bool) -> str:
    cookie: SimpleCookie = SimpleCookie()
    cookie[COOKIE] = value
    attributes: dict[str, Any] = {
        "path": "/",
        "max-age": _YEAR_S,
        "httponly": True,
        "samesite": "Lax",
        "secure": secure,
    }
    cookie[COOKIE].update(attributes)
    return cookie[COOKIE].OutputString()
