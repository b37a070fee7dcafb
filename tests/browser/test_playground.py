"""The Playground as a visitor meets it: an answer at once, one for each move, the way back, and a link to share."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

ENDED = re.compile(".+")


def answer(page: Page) -> Locator:
    return page.locator("output.accuracy")


def until_answered(page: Page, before: str = "") -> str:
    """Wait for the end of another try than `before`; return its id."""
    expect(answer(page)).to_have_attribute("data-ended", re.compile(f"^(?!{before}$).+") if before else ENDED)
    return answer(page).get_attribute("data-ended")


def dots(page: Page) -> Locator:
    return page.locator(".plot button.dot")


def press(page: Page, key: str) -> None:
    page.get_by_role("slider", name="Learning rate").press(key)


def test_a_visitor_moves_a_slider_walks_back_and_shares_the_link(server, open_page):
    page = open_page(f"{server.url}/playground")
    first = until_answered(page)
    expect(answer(page)).to_have_text(re.compile(r"^\d\d\.\d\d %$"))
    expect(page.locator(".stage .tile")).to_have_count(40)
    assert int(page.locator("svg.share").get_attribute("data-points")) > 0
    expect(page.locator(".change")).to_have_text("")

    press(page, "ArrowRight")
    second = until_answered(page, first)
    expect(page.locator(".change")).to_have_text(re.compile("points"))
    expect(page.locator("svg.share polyline.ghost").first).to_be_attached()
    expect(dots(page)).to_have_count(2)
    expect(page).to_have_url(re.compile(f"try={second}"))

    dots(page).first.press("Enter")
    expect(answer(page)).to_have_attribute("data-ended", first)
    expect(page.get_by_role("slider", name="Learning rate")).to_have_attribute("aria-valuetext", "0.02")
    shown = answer(page).inner_text()
    expect(page).to_have_url(re.compile(f"try={first}"))
    page.reload()
    expect(answer(page)).to_have_attribute("data-ended", first)
    expect(answer(page)).to_have_text(shown)

    other = open_page(page.url, width=400, scheme="dark")
    expect(answer(other)).to_have_attribute("data-ended", first)
    expect(answer(other)).to_have_text(shown)


def test_of_many_quick_moves_the_last_is_answered(server, open_page):
    page = open_page(f"{server.url}/playground")
    until_answered(page)
    for _ in range(12):
        press(page, "ArrowRight")
    # 0.02 and twelve positions further on
    expect(page.get_by_role("slider", name="Learning rate")).to_have_attribute("aria-valuetext", "0.6")
    expect(page.locator("button.dot[aria-pressed=true]")).to_have_attribute(
        "aria-label", re.compile(r"^Learning rate 0\.6:")
    )
    expect(answer(page)).to_have_attribute("data-ended", ENDED)
    expect(page).to_have_url(re.compile(f"try={answer(page).get_attribute('data-ended')}"))
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_unit_is_opened_by_keyboard(server, open_page):
    page = open_page(f"{server.url}/playground")
    until_answered(page)
    unit = page.locator("button.unit").first
    unit.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Inside unit"))).to_be_visible()
    expect(page.get_by_text("What excites it most")).to_be_visible()
    expect(page).to_have_url(re.compile("unit=1"))
    inside = page.get_by_role("heading", name=re.compile("Inside unit")).inner_text()
    page.reload()
    expect(page.get_by_role("heading", name=inside)).to_be_visible()
    expect(page.locator("button.unit[aria-pressed=true]")).to_have_count(1)


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_is_wider_than_the_window(server, open_page, width):
    page = open_page(f"{server.url}/playground", width=width)
    until_answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
