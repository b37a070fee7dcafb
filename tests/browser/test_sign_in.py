"""Sign-in in a real browser, by a real OpenID Connect provider on this machine."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TIMEOUT_MS
from tests.browser.server import Server, running_server

ADA = {"sub": "ada", "name": "Ada Lovelace", "email": "ada@example.org", "email_verified": True}
BOB = {"sub": "bob", "email": "bob.long@example.org", "email_verified": False}
ADMINS = "Ada@example.org, bob.long@example.org"
START_TIMEOUT_S = 60.0
# The tests have no certificates.
WITHOUT_HTTPS = {"AUTHLIB_INSECURE_TRANSPORT": "1"}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider that knows Ada, whose address it has verified, and Bob, whose address it has not."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    users = [word for user in (ADA, BOB) for word in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(port), *users]
    with subprocess.Popen(command, env=os.environ | WITHOUT_HTTPS, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/.well-known/openid-configuration")
        yield url
        process.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.05)
    pytest.fail("The provider did not start.")


@contextmanager
def server_with_sign_in(folder: Path, provider: str, **environment: str) -> Iterator[Server]:
    secrets = folder / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(f"""
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "only for this test, and longer than 32 characters"
client_id = "mnist"
client_secret = "secret"
server_metadata_url = "{provider}/.well-known/openid-configuration"
""")
    with running_server(folder, HOME=str(folder), **WITHOUT_HTTPS, **environment) as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Open pages as a visitor of their own. The provider's pages ask for a style sheet from afar, which stays away."""
    with browser.new_context() as context:
        context.route(re.compile(r"^https://"), lambda route: route.abort())

        def open_one(url: str) -> Page:
            page = context.new_page()
            page.set_default_timeout(TIMEOUT_MS)
            page.goto(url)
            return page

        yield open_one


def sign_in(page: Page, subject: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=subject, exact=True).click()


def test_where_it_is_required_nothing_is_shown_before_and_after(provider, visit, tmp_path):
    with server_with_sign_in(tmp_path, provider, MNIST_SIGN_IN="required", MNIST_ADMINS=ADMINS) as server:
        page = visit(f"{server.url}/training")
        expect(page.get_by_text("This server is for people who have signed in.")).to_be_visible()
        expect(page.get_by_role("link", name="Training")).to_have_count(0)
        expect(page.get_by_role("button", name="Start")).to_have_count(0)
        sign_in(page, "ada")
        expect(page.get_by_text("Signed in as Ada Lovelace")).to_be_visible()
        expect(page.get_by_role("link", name="Training").first).to_be_visible()
        assert "ada@example.org" not in page.content()
        expect(page.get_by_role("link", name="Administration")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="End session").click()  # the provider asks
        expect(page.get_by_text("This server is for people who have signed in.")).to_be_visible()
        expect(page.get_by_role("link", name="Training")).to_have_count(0)


def test_where_it_is_optional_everybody_sees_the_pages_and_a_way_in(provider, visit, tmp_path):
    with server_with_sign_in(tmp_path, provider, MNIST_ADMINS=ADMINS) as server:
        page = visit(f"{server.url}/training")
        expect(page.get_by_role("button", name="Start")).to_be_visible()
        sign_in(page, "bob")
        expect(page.get_by_text("Signed in as bob.long")).to_be_visible()
        assert "bob.long@example.org" not in page.content()
        expect(page.get_by_role("link", name="Runs").first).to_be_visible()
        expect(page.get_by_role("link", name="Administration")).to_have_count(0)  # nobody has verified his address
