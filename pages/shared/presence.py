"""Who is here: the windows that are open at this server, each with its page and visitor. Only memory holds it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mnist_core.runs import Who


@dataclass(frozen=True, slots=True)
class Window:
    """A window that shows a page: whose it is, which page, since when it is open, and when it last asked for more.

    Attributes
    ----------
    browser
        The hash of the cookie of the browser that it belongs to, whoever has signed in there.
    """

    who: Who
    browser: str
    page: str
    opened_at_utc: datetime
    seen_at_utc: datetime


_windows: dict[str, Window] = {}


def note(who: Who, browser: str, page: str) -> None:
    """Remember that this window of a browser shows `page` to `who`."""
    context = get_script_run_ctx()
    if context is not None:
        now, before = datetime.now(UTC), _windows.get(context.session_id)
        _windows[context.session_id] = Window(who, browser, page, before.opened_at_utc if before else now, now)


def mine() -> Window | None:
    """Return the window whose page is being made, or None outside of a page."""
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else _windows.get(context.session_id)


def windows() -> tuple[Window, ...]:
    """Return the windows that are open, those opened last first."""
    if Runtime.exists():
        runtime = Runtime.instance()
        for session_id in [*_windows]:
            if not runtime.is_active_session(session_id):
                _windows.pop(session_id, None)
    return tuple(sorted(_windows.values(), key=lambda window: window.opened_at_utc, reverse=True))


def of_session(session_id: str) -> Who | None:
    """Return who sees pages in a session of Streamlit's; None if nothing has been shown there."""
    windows()  # which forgets those that are closed
    window = _windows.get(session_id)
    return None if window is None else window.who


def of_browser(browser: str) -> Who | None:
    """Return who has a window of this browser open, the last one opened; None if there is no such window."""
    return next((window.who for window in windows() if window.browser == browser), None)
