"""Whose network address a request has, where a proxy stands in front.

Limits count by address, so nobody may choose their own: `X-Forwarded-For` counts only if it comes from a proxy that
``MNIST_TRUSTED_PROXIES`` names. Uvicorn by itself believes whatever runs on this machine.
"""

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from mnist_core.settings import settings

_LOOPBACK = "127.0.0.1"
# Uvicorn gives this port to an address that it read in a header.
_FROM_HEADER = 0


class TrustedAddresses:
    """ASGI middleware that sets a request's client address to what a trusted proxy says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = ProxyHeadersMiddleware(app, list(settings().trusted_proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its address."""
        client = scope.get("client")
        if client and client[1] == _FROM_HEADER and _LOOPBACK not in settings().trusted_proxies:
            scope["client"] = (_LOOPBACK, _FROM_HEADER)
        await self._app(scope, receive, send)  # type: ignore[arg-type]
