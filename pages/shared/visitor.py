"""Who is asking: runs belong to a browser, or to who has signed in; limits count by them and by network address."""

import hashlib
import secrets
from ipaddress import ip_address, ip_network

import streamlit as st

from mnist_core.errors import StoreError
from mnist_core.runs import Run, Who
from mnist_core.settings import settings
from pages.shared import resources
from pages.shared.sign_in import signed_in

# Set by the server (`pages.server.visitor_cookie`).
COOKIE = "mnist_visitor"


def who() -> Who:
    """Return who looks at this page: the same in all windows of a browser; without cookies, only in this session.

    Whoever has signed in is an administrator also where their browser is one by the link of the terminal.
    """
    person, mine = signed_in(), browser()
    identity = person.identity if person else mine
    is_named = person is not None and person.address in {address.lower() for address in settings().admins}
    return Who(
        identity=identity,
        address=network_of(st.context.ip_address),
        is_administrator=is_named or _is_administrator(identity) or _is_administrator(mine),
        name=person.name if person else "",
        is_signed_in=person is not None,
    )


def browser() -> str:
    """Return the hash by which this browser is known, whoever has signed in."""
    return identity_of(_cookie())


def may_change(run: Run) -> bool:
    """Tell whether buttons that change a run are of use; the store refuses strangers whatever is shown."""
    me = who()
    return me.is_administrator or run.owner == me.identity


def identity_of(secret: str) -> str:
    """Return a hash, so that the run store holds nothing with which somebody could pass for the visitor."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]


def network_of(address: object) -> str:
    """Return whose a network address is for limits: itself, or the network of 2^64 that one IPv6 connection has.

    Streamlit gives None for this machine's own.
    """
    if not isinstance(address, str):
        return "127.0.0.1"
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


def _cookie() -> str:
    cookie = st.context.cookies.get(COOKIE)
    return cookie if isinstance(cookie, str) else st.session_state.setdefault("visitor", secrets.token_hex(16))


def forget_administrators() -> None:
    """Ask the store again who is an administrator, instead of within seconds."""
    _is_administrator.clear()


@st.cache_data(ttl=2, show_spinner=False)
def _is_administrator(identity: str) -> bool:
    try:
        return resources.store().is_administrator(identity)
    except StoreError:  # which the page says
        return False
