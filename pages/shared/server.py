"""What starts and ends with the server: the engine, and a garbage collector that leaves the libraries alone."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from anyio import to_thread

from pages.shared import resources


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Start the engine, which continues interrupted runs, and end it with the server."""
    engine = await to_thread.run_sync(resources.engine)
    # What is imported by now lives as long as the server. Out of the garbage collector's sight it no longer adds
    # 85 ms to each live update.
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        await to_thread.run_sync(engine.close)
