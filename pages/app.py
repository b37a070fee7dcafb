"""The frame around every page: window title, favicon and navigation."""

from itertools import groupby
from operator import attrgetter
from pathlib import Path

import streamlit as st

from pages.places import OVERVIEW, PLACES, Place
from pages.server.settling import settle_once
from pages.shared import permalink, sign_in, window
from pages.shared.calm import calmly
from pages.shared.page import in_words

HERE = Path(__file__).resolve().parent


def as_page(place: Place) -> st.Page:
    """Return what the navigation takes."""
    is_first, place = place is OVERVIEW, in_words(place)
    return st.Page(HERE / place.path, title=place.title, icon=place.icon, url_path=place.folder, default=is_first)


st.set_page_config(
    page_title="MNIST from scratch",
    page_icon=str(HERE / "server" / "favicon.png"),
    layout="wide",
    menu_items={"About": "A neural network, written from scratch in NumPy, learns to tell images apart."},
)
sections = groupby(PLACES, key=attrgetter("section"))
is_shut = sign_in.is_due()
page = st.navigation(
    {section: [as_page(place) for place in places] for section, places in sections},
    position="hidden" if is_shut else "sidebar",
    expanded=True,
)
with calmly():
    if is_shut:
        sign_in.show_door()
    else:
        sign_in.show_in_sidebar()
        page.run()
permalink.said()
window.show()
settle_once(page.title)
