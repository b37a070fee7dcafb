"""What every page says above itself: announcements, and that nothing can be changed or begins just now."""

import streamlit as st

from mnist_core.errors import StoreError
from mnist_core.runs import Who
from mnist_core.runs.administration import ANNOUNCEMENT, PAUSED
from mnist_core.runs.rights import READ_ONLY
from pages.shared import resources
from pages.shared.plain import plain


def show(who: Who) -> None:
    """Show what holds for all, if anything does."""
    try:
        switched = resources.store().switched
        announcement, is_read_only, is_paused = (switched(key) for key in (ANNOUNCEMENT, READ_ONLY, PAUSED))
    except StoreError:  # the page itself says what is wrong
        return
    place = st.container()  # there also when it is empty: what comes after it must not move, or tabs would change
    if announcement:
        place.info(plain(announcement), icon=":material/campaign:")
    if is_read_only:
        words = (
            "The server is read-only: nobody but administrators can start or change anything."
            if who.is_administrator
            else "The server is read-only for now: you can look at everything, but not start or change anything."
        )
        place.warning(words, icon=":material/lock:")
    if is_paused:
        place.warning("The administrator has paused all work for now: what you start waits.", icon=":material/pause:")
