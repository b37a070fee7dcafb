"""Figures for Prometheus: who is here, what waits and runs, how runs end, and what the store takes."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from mnist_core.runs import OPERATOR
from pages.shared import presence, resources

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STATUSES = ("queued", "running", "paused", "finished", "stopped", "diverged", "failed")


async def metrics(_: Request) -> PlainTextResponse:
    """Answer in Prometheus's text format. `PrivateMetrics` has asked for the token."""
    return PlainTextResponse(await to_thread.run_sync(_text), media_type=_TYPE)


def _text() -> str:
    counts, windows = resources.store().counts(who=OPERATOR), presence.windows()
    lines = []
    for kind in ("run", "task"):
        lines += _head(f"mnist_{kind}s", f"{kind.capitalize()}s by status; those queued are the queue's length.")
        lines += [f'mnist_{kind}s{{status="{status}"}} {counts.get((kind, status), 0)}' for status in _STATUSES]
    lines += _head("mnist_sessions", "Windows that are open at this server.")
    lines += [f"mnist_sessions {len(windows)}"]
    lines += _head("mnist_visitors", "Visitors who have a window open.")
    lines += [f"mnist_visitors {len({window.who.identity for window in windows})}"]
    lines += _head("mnist_store_bytes", "What the store takes on its disk.")
    lines += [f"mnist_store_bytes {resources.store().database.size_bytes()}"]
    return "\n".join(lines) + "\n"


def _head(name: str, words: str) -> list[str]:
    return [f"# HELP {name} {words}", f"# TYPE {name} gauge"]


ROUTES = (Route("/metrics", metrics),)
