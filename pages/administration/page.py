"""Administration: who is here, what runs, what holds for all; for administrators alone."""

import streamlit as st

from pages.administration import now
from pages.administration.views import VIEWS
from pages.places import ADMINISTRATION
from pages.shared import page, permalink
from pages.shared.visitor import who

page.head(ADMINISTRATION)
if not who().is_administrator:
    st.error(
        "This page is for administrators. Whoever runs the server finds the link that makes a browser the "
        "administrator's in the terminal in which the server was started.",
        icon=":material/lock:",
    )
    st.stop()
now.show()
permalink.check("view", tuple(VIEWS))
for tab, parts in zip(st.tabs([*VIEWS], key="view", bind="query-params"), VIEWS.values(), strict=True):
    if tab.open:
        with tab:
            for part in parts:
                part.show()
