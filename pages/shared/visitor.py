"""Who is asking: runs belong to a visitor, and limits count by visitor."""

import hashlib
import secrets

import streamlit as st

# Set by the server (`pages.server.visitor_cookie`).
COOKIE = "mnist_visitor"


def visitor() -> str:
    """Return a word for this browser, the same in all its windows; for one without cookies, for this session.

    It is a hash, so that the run store holds nothing with which somebody could pass for the visitor.
    """
    cookie = st.context.cookies.get(COOKIE)
    if not isinstance(cookie, str):
        cookie = st.session_state.setdefault("visitor", secrets.token_hex(16))
    return hashlib.sha256(cookie.encode()).hexdigest()[:32]
