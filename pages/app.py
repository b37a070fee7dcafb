"""The frame around every page: window title, favicon and navigation."""

from itertools import groupby
from operator import attrgetter
from pathlib import Path

import streamlit as st

from mnist_core.runs import Who
from pages.places import ADMINISTRATION, OVERVIEW, PLACES, Place
from pages.server import logs
from pages.server.settling import settle_once
from pages.shared import notices, permalink, presence, sign_in, window
from pages.shared.calm import calmly
from pages.shared.page import in_words
from pages.shared.visitor import browser, who

HERE = Path(__file__).resolve().parent


def as_page(place: Place, visitor: Who) -> st.Page:
    """Return a place as the navigation takes it. Anybody may open Administration; only administrators see it listed."""
    is_first, place = place is OVERVIEW, in_words(place)
    is_hidden = place.folder == ADMINISTRATION.folder and not visitor.is_administrator
    return st.Page(
        HERE / place.path,
        title=place.title,
        icon=place.icon,
        url_path=place.folder,
        default=is_first,
        visibility="hidden" if is_hidden else "visible",
    )


def show() -> None:
    """Show the requested page in its frame, or the sign-in where that has to come first."""
    visitor = who()
    is_shut = sign_in.is_due() and not visitor.is_administrator
    sections = groupby((*PLACES, ADMINISTRATION), key=attrgetter("section"))
    page = st.navigation(
        {section: [as_page(place, visitor) for place in places] for section, places in sections},
        position="hidden" if is_shut else "sidebar",
        expanded=True,
    )
    if is_shut:
        sign_in.show_door()
        return
    presence.note(visitor, browser(), page.title)
    sign_in.show_in_sidebar()
    notices.show(visitor)
    with calmly(), logs.shown():
        page.run()
    permalink.said()
    window.show()
    settle_once(page.title)


st.set_page_config(
    page_title="MNIST from scratch",
    page_icon=str(HERE / "server" / "favicon.png"),
    layout="wide",
    menu_items={"About": "A neural network, written from scratch in NumPy, learns to tell images apart."},
)
with calmly():
    show()
