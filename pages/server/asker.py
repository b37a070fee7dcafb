"""Who sends a request that belongs to a page: who looks at that page in a window that is open.

A sign-in is known to a window alone: Streamlit checks it when the window connects.
"""

from starlette.requests import HTTPConnection

from mnist_core.runs import Who
from mnist_core.runs.who import ANYBODY
from mnist_core.settings import settings
from pages.server.visitor_cookie import cookie_of
from pages.shared import presence
from pages.shared.visitor import identity_of

FOR_THE_SIGNED_IN = "This server is for people who have signed in. Reload the page, and sign in."


def of_browser(connection: HTTPConnection) -> Who:
    """Return who has a window of the browser open that sends this; without one, whoever the cookie says."""
    cookie = cookie_of(connection)
    if cookie is None:
        return ANYBODY
    browser = identity_of(cookie)
    return presence.of_browser(browser) or Who(browser)


def of_session(session_id: str) -> Who:
    """Return who sees pages in a session of Streamlit's."""
    return presence.of_session(session_id) or ANYBODY


def is_shut_to(who: Who) -> bool:
    """Tell whether `who` has to sign in before anything."""
    return settings().sign_in == "required" and not (who.is_signed_in or who.is_administrator)
