"""The address bar holds a page's state: read it on entry, write it on every run.

Links of the navigation drop the query string, so the state is also kept in the session and written back when the
page is entered without one. A value that somebody edited by hand is checked before it is used.
"""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.shared.plain import plain

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,12}")
_LONGEST_SHOWN = 60
_REFUSED = "permalink.refused"


def enter(page: str, names: Collection[str]) -> dict[str, str]:
    """Return the state of `page`: what the address bar holds of `names`, or else what this session last showed.

    Parameters
    ----------
    page
        Any word that tells this page's state from that of others, such as "training".
    names
        The query parameters that belong to the page. Others are left alone.
    """
    given = {name: st.query_params[name] for name in names if name in st.query_params}
    return given or {name: value for name, value in _memory(page).items() if name in names}


def arrived(page: str, names: Collection[str]) -> bool:
    """Whether the visitor came by a link: the address bar holds something else of `names` than the page last wrote."""
    given = {name: st.query_params[name] for name in names if name in st.query_params}
    return bool(given) and given != {name: value for name, value in _memory(page).items() if name in names}


def write(page: str, names: Collection[str], state: Mapping[str, str]) -> None:
    """Make the address bar, and the session's memory of `page`, hold exactly `state` for the parameters `names`."""
    kept = {name: value for name, value in _memory(page).items() if name not in names}
    st.session_state[_key(page)] = {**kept, **state}
    for name in names:
        if name in state:
            if st.query_params.get(name) != state[name]:
                st.query_params[name] = state[name]
        elif name in st.query_params:
            del st.query_params[name]


def check(name: str, allowed: Collection[str]) -> None:
    """Take a value that is not one of `allowed` out of the address bar, and say so.

    To be called just before a widget with ``key=name, bind="query-params"``, which drops such a value in silence.
    """
    _expect(name, lambda value: value in allowed, f"Expected one of {', '.join(allowed)}; the default is shown.")


def check_number(name: str, low: int, high: int) -> None:
    """Take anything but a whole number from `low` to `high` out of the address bar, and say so.

    To be called just before a bound number box, which fails on what cannot be an integer, such as "inf".
    """

    def fits(value: str) -> bool:
        return _WHOLE_NUMBER.fullmatch(value) is not None and low <= int(value) <= high

    _expect(name, fits, f"Expected a whole number from {low} to {high}; the default is shown.")


def said() -> None:
    """Forget what was wrong with the link. To be called when a page has been shown to its end."""
    st.session_state.pop(_REFUSED, None)


def _expect(name: str, fits: Callable[[str], bool], why: str) -> None:
    refused = st.session_state.setdefault(_REFUSED, {})
    value = st.query_params.get(name)
    if value and not fits(value):
        refused[name] = value
        # A widget reads the address bar as it was when the run began, so the value must be gone before it begins.
        with suppress(StreamlitAPIException):  # a widget that was shown before has read it by now
            del st.query_params[name]
            st.rerun()
    if name in refused:
        refuse(name, refused[name], why)


def refuse(name: str, value: str, why: str) -> None:
    """Tell the visitor that the link holds a value that cannot be used, and what is shown instead."""
    shown = repr(value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}...")
    st.warning(plain(f"The link says {name} = {shown}. {why}"), icon=":material/link_off:")


def _memory(page: str) -> dict[str, str]:
    return dict(st.session_state.get(_key(page), {}))


def _key(page: str) -> str:
    return f"permalink of {page}"
