"""The address bar holds a page's state: read it on entry, write it on every run.

Links of the navigation drop the query string, so the state is also kept in the session and written back when the
page is entered without one. A value that somebody edited by hand is checked before it is used.
"""

from collections.abc import Collection, Mapping

import streamlit as st


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
    """Say so if the address bar holds a value for `name` that is not `allowed`.

    To be called just before a widget with ``key=name, bind="query-params"``, which drops such a value in silence.
    """
    value = st.query_params.get(name)
    if value is not None and value not in allowed:
        refuse(name, value, f"Expected one of {', '.join(allowed)}; the default is shown.")


def check_number(name: str, low: int, high: int) -> None:
    """Say so if the address bar holds anything but a whole number from `low` to `high`, before a bound number box."""
    value = st.query_params.get(name)
    if value and not (value.lstrip("-").isdecimal() and low <= int(value) <= high):
        refuse(name, value, f"Expected a whole number from {low} to {high}; the default is shown.")


def refuse(name: str, value: str, why: str) -> None:
    """Tell the visitor that the link holds a value that cannot be used, and what is shown instead."""
    st.warning(f"The link says {name} = {value!r}. {why}", icon=":material/link_off:")


def _memory(page: str) -> dict[str, str]:
    return dict(st.session_state.get(_key(page), {}))


def _key(page: str) -> str:
    return f"permalink of {page}"
