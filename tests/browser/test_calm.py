"""What a visitor reads when a widget's callback fails: it runs before the page, so that no page can catch it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.server import ROOT, Server, running_server

BROKEN = """
from pages.draw import nudge_view

def broken():
    raise ZeroDivisionError("the password is in /etc/secret")

nudge_view.reset_sliders = broken
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The real server, in which one callback raises."""
    script = tmp_path / "broken_app.py"
    source = (ROOT / "streamlit_app.py").read_text()
    assert "Path(__file__).parent" in source
    script.write_text(BROKEN + source.replace("Path(__file__).parent", f"Path({str(ROOT)!r})"))
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with running_server(tmp_path, str(script), PYTHONPATH=path) as running:
        yield running


def test_a_callback_that_fails_is_told_by_a_calm_sentence_whose_number_the_log_has(server: Server, open_page):
    page = open_page(f"{server.url}/draw")
    page.get_by_role("button", name="Reset").click()
    alert = page.get_by_test_id("stAlert").filter(has_text="Something went wrong here")
    expect(alert).to_have_count(1)
    number = re.search(r"the number ([0-9A-F]{6})\.", alert.inner_text())[1]
    assert "password" not in page.content()
    log = (server.user_dir / "server.log").read_text()
    assert f"Incident {number}" in log
    assert "ZeroDivisionError: the password" in log
