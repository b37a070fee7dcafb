"""Who is here, who may only look, and who is an administrator."""

import streamlit as st

from mnist_core.runs import Who
from mnist_core.runs.administration import MAX_REASON, MAX_SUBJECT
from pages.shared import asking, presence, resources
from pages.shared.visitor import forget_administrators, who
from pages.shared.words import local_time

_REFUSAL = "administrate people"


def show() -> None:
    """Show the visitors, with a way to ban some; those who are banned; and the administrators."""
    st.subheader("Who is here", anchor=False)
    st.caption("An identity is a hash of a browser's cookie or of a sign-in. The cookie itself is not stored.")
    _choose_and_ban()
    asking.say_why_not(_REFUSAL)
    st.subheader("Who may only look", anchor=False)
    _show_banned()
    st.subheader("Administrators", anchor=False)
    _show_administrators()


def label(visitor: Who) -> str:
    """Return what a visitor is called: their name, or the beginning of their identity."""
    return visitor.name or visitor.identity[:8]


def _choose_and_ban() -> None:
    windows = presence.windows()
    event = st.dataframe(
        {
            "Visitor": [label(window.who) for window in windows],
            "Page": [window.page for window in windows],
            "Address": [window.who.address for window in windows],
            "Since": [local_time(window.opened_at_utc) for window in windows],
            "Last active": [local_time(window.seen_at_utc) for window in windows],
            "Administrator": [window.who.is_administrator for window in windows],
            "Identity": [window.who.identity for window in windows],
        },
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        # Rows are selected by position, so a table of other rows is another widget.
        key=f"people {hash(tuple((window.who.identity, window.opened_at_utc) for window in windows))}",
    )
    chosen = list(dict.fromkeys(windows[row].who.identity for row in event["selection"]["rows"]))
    with st.popover("Ban", icon=":material/block:", disabled=not chosen):
        st.caption(
            "They can still look at everything, but not start or change anything. What they have started continues."
        )
        reason = st.text_input("Reason, for the administrators", key="ban reason", max_chars=MAX_REASON)
        st.button(f"Ban {len(chosen)} of them", key="ban", on_click=_ban, args=(chosen, reason))
    with (
        st.popover("Ban somebody who is not here", icon=":material/block:"),
        st.form("ban by hand", border=False),
    ):
        st.text_input("Identity or network address", key="subject", max_chars=MAX_SUBJECT)
        st.form_submit_button("Ban", on_click=_ban_by_hand)


def _ban(subjects: list[str], reason: str) -> None:
    for subject in subjects:
        asking.ask(_REFUSAL, resources.store().ban, subject, reason, who=who())


def _ban_by_hand() -> None:
    _ban([st.session_state["subject"]], "")


def _show_banned() -> None:
    banned = resources.store().banned(who=who())
    if not banned:
        st.caption("Nobody is banned.")
    for one in banned:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{one.subject} since {local_time(one.since_utc)}{'. ' + one.reason if one.reason else ''}")
            st.button("Unban", key=f"unban {one.subject}", on_click=_unban, args=(one.subject,))


def _unban(subject: str) -> None:
    asking.ask(_REFUSAL, resources.store().unban, subject, who=who())


def _show_administrators() -> None:
    st.caption("Made by the link in the terminal. Whoever MNIST_ADMINS names is an administrator after signing in.")
    me = who().identity
    for identity, since in resources.store().administrators(who=who()).items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{identity}{', you,' if identity == me else ''} since {local_time(since)}")
            st.button("Remove", key=f"remove {identity}", on_click=_remove, args=(identity,))


def _remove(identity: str) -> None:
    asking.ask(_REFUSAL, resources.store().remove_administrator, identity, who=who())
    forget_administrators()
