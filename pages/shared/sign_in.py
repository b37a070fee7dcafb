"""Sign-in by OpenID Connect, where ``[auth]`` in secrets.toml names a provider.

Streamlit and the provider do it: no password passes through this server, and nothing of a person is kept but a hash.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from mnist_core.settings import settings
from pages.places import OVERVIEW
from pages.shared.plain import plain

_MAX_NAME = 40


@dataclass(frozen=True, slots=True)
class Person:
    """Who has signed in.

    Attributes
    ----------
    identity
        A hash of the provider and of the number or word by which it knows the person.
    name
        What others may see: never a whole address.
    address
        The e-mail address, in small letters, if the provider has verified it; else "".
    """

    identity: str
    name: str
    address: str


def person(claims: Mapping[str, object]) -> Person | None:
    """Return who has signed in, by what the provider says; None if nobody has."""
    issuer, subject = _text(claims, "iss"), _text(claims, "sub")
    if not claims.get("is_logged_in") or not issuer or not subject:
        return None
    identity = hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()[:32]
    address = _text(claims, "email").lower() if claims.get("email_verified") is True else ""
    return Person(identity, _name(claims), address)


def _name(claims: Mapping[str, object]) -> str:
    for claim in ("name", "given_name", "preferred_username", "email"):
        # Some providers put an address where a name should be.
        words = " ".join(_text(claims, claim).partition("@")[0].split())
        if words:
            return words[:_MAX_NAME]
    return "Somebody"


def _text(claims: Mapping[str, object], claim: str) -> str:
    value = claims.get(claim)
    return value if isinstance(value, str) else ""


def signed_in() -> Person | None:
    """Return who has signed in to this session, or None."""
    return person(st.user.to_dict())


def providers() -> tuple[str | None, ...]:
    """Return the names of the providers that are configured; None stands for the only one that needs no name."""
    if not st.secrets.load_if_toml_exists():
        return ()
    section = st.secrets.get("auth", {})
    if "client_id" in section:
        return (None,)
    return tuple(name for name, value in section.items() if isinstance(value, Mapping) and "client_id" in value)


def is_configured() -> bool:
    """Tell whether people can sign in."""
    return bool(providers())


def show_door() -> None:
    """Say that this server is for those who sign in, and let them."""
    st.title("MNIST from scratch", anchor=False)
    st.markdown(f":gray[{OVERVIEW.sentence}]")
    if is_configured():
        st.write("This server is for people who have signed in.")
        _buttons("primary")
    else:
        st.error(
            "This server is for people who have signed in, but no sign-in has been set up. Whoever runs it can add "
            "`[auth]` to `.streamlit/secrets.toml`, or set MNIST_SIGN_IN=optional."
        )


def show_in_sidebar() -> None:
    """Show who has signed in, with a way out; or a way in."""
    if not is_configured():
        return
    with st.sidebar:
        visitor = signed_in()
        if visitor is None:
            _buttons("secondary")
        else:
            st.caption(f"Signed in as {plain(visitor.name)}")
            st.button("Sign out", key="sign_out", icon=":material/logout:", on_click=st.logout)


def is_due() -> bool:
    """Tell whether nothing may be shown before somebody signs in."""
    return settings().sign_in == "required" and signed_in() is None


def _buttons(kind: Literal["primary", "secondary"]) -> None:
    for name in providers():
        label = "Sign in" if name is None else f"Sign in with {name.capitalize()}"
        key, arguments = f"sign in {name}", () if name is None else (name,)
        st.button(label, key=key, icon=":material/login:", type=kind, on_click=st.login, args=arguments)
