"""What starts and ends with the server: the log and the engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import streamlit as st
from anyio import to_thread

from mnist_core.errors import DatasetError, StoreError
from mnist_core.threads import one_blas_thread
from pages.server import ending, logs
from pages.server.settling import settle_once
from pages.server.welcome import say_welcome
from pages.shared import resources


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Start the engine, which continues interrupted runs, and end it with the server.

    While it serves, products of matrices take one core: the others belong to the workers, and two BLAS threads that
    wait for one another on a busy machine are many times slower than one.
    """
    ending.notice()
    logs.begin()
    with suppress(DatasetError):  # which the pages then say
        await to_thread.run_sync(resources.dataset)  # the first visitor should not wait for it
    with suppress(StoreError):  # likewise; whoever comes when the store is back starts the engine
        await to_thread.run_sync(resources.engine)
    say_welcome()
    settle_once("start")
    try:
        with one_blas_thread():
            yield
    finally:
        await to_thread.run_sync(resources.engine.clear)  # which closes it
