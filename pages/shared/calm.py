"""The last resort of every page: whatever fails, a visitor reads one calm sentence, and the log has the rest."""

import functools
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import streamlit as st

from mnist_core.errors import DatasetError, StoreError
from pages.shared.plain import plain

Part = TypeVar("Part", bound=Callable[..., Any])
_log = logging.getLogger(__name__)


@contextmanager
def calmly() -> Iterator[None]:
    """Show in words what fails within: those of the error where they help, or else a number that the log has too.

    Streamlit's own interruptions, such as `st.stop`, pass.
    """
    try:
        yield
    except (DatasetError, StoreError) as error:  # whoever runs the server can mend it by these words
        st.error(plain(str(error)), icon=":material/error:")
    except Exception:
        incident = secrets.token_hex(3).upper()
        _log.exception("Incident %s", incident, extra={"incident": incident})
        st.error(
            f"Something went wrong here, and it has been noted. Reload the page; if it happens again, tell whoever "
            f"runs this server the number {incident}.",
            icon=":material/error:",
        )


def fragment(part: Part, *, run_every: float | None = None) -> Part:
    """Return `part` as a fragment of the page (see `st.fragment`), calm when it reruns by itself."""

    @functools.wraps(part)
    def calm_part(*arguments: Any, **named: Any) -> Any:
        with calmly():
            return part(*arguments, **named)

    return cast(Part, st.fragment(calm_part, run_every=run_every))


def on_script_error(error: Exception) -> bool:
    """Show what no page has caught, such as an error in the callback of a widget; `st.App` calls it for each.

    True tells Streamlit to show nothing of its own.
    """
    with calmly():
        raise error
    return True
