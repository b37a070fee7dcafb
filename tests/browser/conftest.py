"""Browser tests: a real server with a database of its own, and Chromium in the widths and themes that people have."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and the folder of its database."""

    url: str
    process: psutil.Process
    user_dir: Path

    def family(self) -> list[psutil.Process]:
        """Return the server's process and all that descend from it."""
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def running_server(user_dir: Path, **environment: str) -> Iterator[Server]:
    """Run `streamlit run streamlit_app.py` on a free port; afterwards end it and all processes it started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    log = user_dir / "server.log"
    with log.open("ab") as output:
        child = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**os.environ, "MNIST_USER_DIR": str(user_dir), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", psutil.Process(child.pid), user_dir)
    try:
        _wait_until_healthy(server, child, log)
        yield server
    finally:
        end(child, server)


def _wait_until_healthy(server: Server, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"The server did not start. Its output:\n{log.read_text()}")


def end(child: subprocess.Popen[bytes], server: Server) -> list[psutil.Process]:
    """End a server as Ctrl-C or a service manager would; kill what is left after a while, and return what that was."""
    family = server.family() if child.poll() is None else []
    if child.poll() is None:
        child.terminate()
    child.wait(STOP_TIMEOUT_S)
    _, left = psutil.wait_procs(family, timeout=STOP_TIMEOUT_S)
    for process in left:
        process.kill()
    return left


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server that most browser tests share."""
    with running_server(tmp_path_factory.mktemp("user")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "Browser tests need Chromium (Debian: apt-get install chromium)."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield launched
        launched.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open windows, each as a visitor of its own: `open_page(url, width=1280, scheme="light")`.

    After the test, no window may have met a script error, or asked any host but the server for anything.
    """
    contexts, problems = [], []

    def open_one(url: str, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, has_touch=width < 600
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
        page.on("request", lambda request: None if _is_local(request.url) else problems.append(f"asked {request.url}"))
        page.goto(url)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not problems


def _is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:"))
