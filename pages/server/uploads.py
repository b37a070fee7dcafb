"""Uploaded files lie in the server's memory until their session ends: bounded for each session, and for all.

How many may come in an hour is bounded as well, by cookie and by network address. Where a sign-in is required, only
sessions that have signed in may upload.
"""

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime

from mnist_core.settings import settings
from pages.server import asker
from pages.server.rate import HourlyLimit
from pages.server.visitor_cookie import cookie_of
from pages.shared.visitor import network_of

_PATH = "/_stcore/upload_file/"
_TOO_OFTEN = "You have uploaded as many files as one visitor may in an hour. Try again later."


class BoundedUploads:
    """ASGI middleware that refuses an upload for which there is no room."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._hourly = HourlyLimit()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but an upload that would exceed a bound, or does not say how large it is."""
        if scope["type"] == "http" and scope["method"] == "PUT" and _PATH in scope["path"]:
            session = scope["path"].partition(_PATH)[2].partition("/")[0]
            if asker.is_shut_to(asker.of_session(session)):
                await PlainTextResponse(asker.FOR_THE_SIGNED_IN, 403)(scope, receive, send)
                return
            why_not = _refusal(session, Headers(scope=scope).get("content-length", ""))
            if why_not:
                await PlainTextResponse(why_not, 413)(scope, receive, send)
                return
            if not self._hourly.takes(_most_in_an_hour(HTTPConnection(scope))):
                await PlainTextResponse(_TOO_OFTEN, 429)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _most_in_an_hour(connection: HTTPConnection) -> dict[str, int]:
    """Return how many uploads may come in an hour from this cookie, if it is one, and from this address."""
    limits, cookie = settings(), cookie_of(connection)
    address = network_of(connection.client.host if connection.client else None)
    most = {f"address {address}": limits.max_uploads_per_hour_and_address}
    return most if cookie is None else {**most, f"cookie {cookie}": limits.max_uploads_per_hour}


def _refusal(session: str, length: str) -> str:
    """Return why an upload of `length` bytes is refused, or ""."""
    if not (length.isascii() and length.isdecimal() and len(length) < 16):
        return "The upload must say how large it is (Content-Length)."
    kept = held()
    if kept.get(session, 0) + int(length) > settings().max_upload_bytes_per_session:
        return "This session has uploaded as much as one may. Remove a file, or reload the page."
    if sum(kept.values()) + int(length) > settings().max_upload_bytes:
        return "The server cannot hold more uploaded files for now. Try again later."
    return ""


def held() -> dict[str, int]:
    """Return the bytes of uploaded files that the server holds, by session."""
    if not Runtime.exists():
        return {}
    storage = getattr(Runtime.instance().uploaded_file_mgr, "file_storage", {})
    return {session: sum(len(file.data) for file in [*files.values()]) for session, files in [*storage.items()]}
