"""Uploaded files lie in the server's memory until their session ends: bounded for each session, and for all."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime

from mnist_core.settings import settings

_PATH = "/_stcore/upload_file/"


class BoundedUploads:
    """ASGI middleware that refuses an upload for which there is no room."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but an upload that would exceed a bound, or does not say how large it is."""
        if scope["type"] == "http" and scope["method"] == "PUT" and _PATH in scope["path"]:
            session = scope["path"].partition(_PATH)[2].partition("/")[0]
            why_not = _refusal(session, Headers(scope=scope).get("content-length", ""))
            if why_not:
                await PlainTextResponse(why_not, 413)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _refusal(session: str, length: str) -> str:
    """Return why an upload of `length` bytes is refused, or ""."""
    if not (length.isascii() and length.isdecimal() and len(length) < 16):
        return "The upload must say how large it is (Content-Length)."
    kept = held()
    if kept.get(session, 0) + int(length) > settings().max_upload_bytes_per_session:
        return "This session has uploaded as much as it may. Remove a file, or reload the page."
    if sum(kept.values()) + int(length) > settings().max_upload_bytes:
        return "The server holds as many uploaded files as it may. Try again later."
    return ""


def held() -> dict[str, int]:
    """Return the bytes of uploaded files that the server holds, by session."""
    if not Runtime.exists():
        return {}
    storage = getattr(Runtime.instance().uploaded_file_mgr, "file_storage", {})
    return {session: sum(len(file.data) for file in [*files.values()]) for session, files in [*storage.items()]}
