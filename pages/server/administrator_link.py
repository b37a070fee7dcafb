"""The link that makes a browser the administrator's: printed at start, as people know it from Jupyter."""

import secrets
from functools import cache

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mnist_core.runs import OPERATOR
from mnist_core.settings import settings
from pages.server.visitor_cookie import cookie_of
from pages.shared import resources
from pages.shared.visitor import forget_administrators, identity_of

PATH = "/become-administrator"


@cache
def token() -> str:
    """Return what the link ends with: ``MNIST_ADMIN_TOKEN``, or a random one for as long as the server runs."""
    chosen = settings().admin_token
    return secrets.token_urlsafe(32) if chosen is None else chosen.get_secret_value()


async def become_administrator(request: Request) -> Response:
    """Make the browser that knows the token an administrator's, and lead it to the page without the token."""
    given = request.query_params.get("token", "")
    if not secrets.compare_digest(given.encode(), token().encode()):
        return PlainTextResponse("This link is not, or no longer, valid. The server's terminal shows the new one.", 403)
    cookie = cookie_of(request)
    if cookie is None:
        return PlainTextResponse("Open this link in a browser: the administrator is known by its cookie.", 400)
    await to_thread.run_sync(_make_administrator, identity_of(cookie))
    # Relative, because a proxy may put a path before it.
    return RedirectResponse("administration", 303, {"cache-control": "no-store"})


def _make_administrator(identity: str) -> None:
    resources.store().make_administrator(identity, who=OPERATOR)
    forget_administrators()


ROUTES = (Route(PATH, become_administrator),)
