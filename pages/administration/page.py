"""Administration: who is here, what is running, what applies to everybody; for administrators alone."""

import streamlit as st

from pages.administration import now
from pages.administration.views import VIEWS
from pages.places import ADMINISTRATION
from pages.shared import page, permalink
from pages.shared.visitor import who

page.head(ADMINISTRATION)
if not who().is_administrator:
    st.error(
        "This page is for administrators. If you run this server, open the link that its terminal showed when it "
        "started: it makes your browser an administrator's.",
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
