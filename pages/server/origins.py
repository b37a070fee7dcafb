"""Web sockets that pages of other sites open are refused at once.

Streamlit would refuse them too, but only after it has looked up this machine's address in the internet, which stops
every visitor's page for up to five seconds.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

_POLICY_VIOLATION = 1008


class OwnOriginOnly:
    """ASGI middleware that lets web sockets of this site through, those of others not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but a web socket of a foreign origin."""
        if scope["type"] == "websocket" and _is_foreign(Headers(scope=scope)):
            await receive()  # the request to connect
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": "foreign origin"})
            return
        await self._app(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    """Tell whether a browser says that the page is of another host. Other programs say nothing and prove nothing."""
    origin = headers.get("origin")
    if origin is None or origin in config.get_option("server.corsAllowedOrigins"):
        return False
    return urlsplit(origin).netloc not in {headers.get("host"), headers.get("x-forwarded-host")}
