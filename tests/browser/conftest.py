"""Browser tests: a real server with a database of its own, and Chromium in the widths and themes that people have."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from mnist_core.runs import RunStore
from tests.browser.server import Server, running_server

CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
TIMEOUT_MS = 30_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a file: the runs of one page must not answer for another."""
    with running_server(tmp_path_factory.mktemp("user")) as running:
        yield running


@pytest.fixture(scope="module")
def store(server: Server) -> Iterator[RunStore]:
    """The database of the server."""
    opened = RunStore(f"sqlite:///{server.user_dir / 'runs.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright: the headless shell where there is one, which draws no window."""
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chromium is None:
        message = "Browser tests need Chromium (Debian: apt-get install chromium)."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield launched
        launched.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open windows, each as a visitor of its own: `open_page(url, width=1280, scheme="light")`.

    After the test, no window may have met a script error, broken the security policy, or asked any host but the server
    for anything.
    """
    contexts, problems = [], []

    def open_one(url: str, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, has_touch=width < 600
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
        page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("request", lambda request: None if _is_local(request.url) else problems.append(f"asked {request.url}"))
        page.goto(url)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not problems


def _is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:"))
