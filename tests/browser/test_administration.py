"""The administrator's link and page in a browser, beside a visitor who feels what is decided there."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from pages.administration.views import VIEWS
from tests.browser.server import Server, running_server
from tests.browser.test_accessibility import findings, until_drawn

TOKEN = "correct horse battery staple"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without workers, whose token the tests know."""
    environment = {"MNIST_ADMIN_TOKEN": TOKEN, "MNIST_SCHEDULER_ADDRESS": "tcp://127.0.0.1:9"}
    with running_server(tmp_path_factory.mktemp("user"), **environment) as running:
        yield running


def link(server: Server) -> str:
    return f"{server.url}/become-administrator?token={TOKEN.replace(' ', '+')}"


def test_the_link_opens_the_page_without_its_token_and_others_see_no_way_there(server, open_page):
    stranger = open_page(f"{server.url}/runs")
    expect(stranger.get_by_role("heading", name="Runs")).to_be_visible()
    expect(stranger.get_by_role("link", name="Administration")).to_have_count(0)
    page = open_page(link(server))
    expect(page.get_by_role("heading", name="Who is here")).to_be_visible()
    assert page.url == f"{server.url}/administration"
    page.goto(f"{server.url}/runs")
    expect(page.get_by_role("link", name="Administration")).to_be_visible()


def test_a_ban_is_felt_at_once_and_lifted_at_once(server, open_page):
    visitor = open_page(f"{server.url}/training")
    start = visitor.get_by_role("button", name="Start training")
    expect(start).to_be_visible()
    page = open_page(link(server))
    page.get_by_role("button", name="Ban somebody who is not here").click()
    page.get_by_label("Identity or network address").fill("127.0.0.1")
    page.get_by_role("button", name="Ban", exact=True).last.click()
    expect(page.get_by_text("127.0.0.1 since")).to_be_visible()
    page.keyboard.press("Escape")  # the form lies over what follows until it is closed
    expect(page.get_by_label("Identity or network address")).to_have_count(0)
    start.click()
    expect(visitor.get_by_text("The administrator has blocked you here")).to_be_visible()
    page.get_by_role("button", name="Unban").click()
    expect(page.get_by_text("Nobody is banned.")).to_be_visible()
    start.click()
    expect(visitor).to_have_url(re.compile(r"run="))


def test_an_announcement_reaches_others_and_keeps_the_view(server, open_page):
    page = open_page(link(server))
    page.get_by_role("tab", name="For everybody").click()
    page.get_by_label("Text at the top of every page").fill("Back at **9**")
    page.get_by_role("button", name="Announce").click()
    expect(page.get_by_role("status").get_by_text("Back at **9**")).to_be_visible()
    expect(page.get_by_role("heading", name="Read-only")).to_be_visible()
    visitor = open_page(f"{server.url}/dataset")
    expect(visitor.get_by_role("status").get_by_text("Back at **9**")).to_be_visible()
    page.get_by_label("Text at the top of every page").fill("")
    page.get_by_role("button", name="Announce").click()
    expect(page.get_by_role("status").get_by_text("Back at")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible_and_fits_a_phone(scheme, server, open_page):
    page = open_page(link(server), width=400, scheme=scheme)
    for view in VIEWS:
        page.goto(f"{server.url}/administration?view={view}")
        expect(page.get_by_role("tab", name=view)).to_have_attribute("aria-selected", "true")
        until_drawn(page)
        assert findings(page) == [], view
        assert is_narrow(page), view


def is_narrow(page: Page) -> bool:
    return page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
