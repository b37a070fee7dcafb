"""Metrics tell what a server holds and how it is used: they are for its administrator, not for visitors."""

import secrets

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mnist_core.settings import settings

_PATH = "/metrics"  # ours, and Streamlit's /_stcore/metrics


class PrivateMetrics:
    """ASGI middleware that answers 404 for the metrics, unless the bearer token is ``MNIST_METRICS_TOKEN``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but a stranger's request for metrics."""
        if (
            scope["type"] == "http"
            and scope["path"].rstrip("/").endswith(_PATH)
            and not _may_read(Headers(scope=scope))
        ):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _may_read(headers: Headers) -> bool:
    token = settings().metrics_token
    return token is not None and secrets.compare_digest(
        headers.get("authorization", "").encode(), f"Bearer {token.get_secret_value()}".encode()
    )
