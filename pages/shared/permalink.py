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
    return given or dict(st.session_state.get(_key(page), {}))


def write(page: str, names: Collection[str], state: Mapping[str, str]) -> None:
    """Make the address bar, and the session's memory of `page`, hold exactly `state` for the parameters `names`."""
    st.session_state[_key(page)] = dict(state)
    for name in names:
        if name in state:
            if st.query_params.get(name) != state[name]:
                st.query_params[name] = state[name]
        elif name in st.query_params:
            del st.query_params[name]


def check(name: str, allowed: Collection[str]) -> None:
    """Say so, and drop it, if the address bar holds a value for `name` that is not `allowed`.

    Call it just before a widget with ``key=name, bind="query-params"``, which would drop such a value in silence.
    """
    value = st.query_params.get(name)
    if value is not None and value not in allowed:
        st.warning(f"The link asks for {name} = {value!r}. Expected one of {', '.join(allowed)}; the default is shown.")
        del st.query_params[name]


def _key(page: str) -> str:
    return f"permalink of {page}"
