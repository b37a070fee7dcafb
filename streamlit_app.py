"""The server: what starts and ends with it, and what it serves beside the pages. The frame is pages/app.py."""

import runpy
from pathlib import Path

import streamlit as st
from starlette.routing import Route
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.server.administrator_link import ROUTES as LINK_ROUTES
from pages.server.health import ROUTES as HEALTH_ROUTES
from pages.server.lifespan import lifespan
from pages.server.metrics import ROUTES as METRICS_ROUTES
from pages.server.middleware import MIDDLEWARE
from pages.server.plotly_asset import plotly_bundle
from pages.server.try_events import ROUTES as TRY_ROUTES
from pages.shared.calm import on_script_error
from pages.shared.live_chart import PLOTLY_PATH

FRAME = Path(__file__).parent / "pages" / "app.py"

app = st.App(
    FRAME,
    lifespan=lifespan,
    routes=[Route(PLOTLY_PATH, plotly_bundle), *HEALTH_ROUTES, *METRICS_ROUTES, *LINK_ROUTES, *TRY_ROUTES],
    middleware=MIDDLEWARE,
    on_script_error=on_script_error,
)

# As a plain script (a test, a host that does not know st.App) the same file shows the same app.
if __name__ == "__main__":
    context = get_script_run_ctx()
    if context is not None:
        context.main_script_path = str(FRAME)  # pages name each other relative to the frame
    runpy.run_path(str(FRAME), run_name="__main__")
