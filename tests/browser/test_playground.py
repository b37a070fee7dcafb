"""The Playground as a visitor meets it: an answer at once, one for each move, the way back, and a link to share."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_core.runs import OPERATOR, Who
from mnist_core.runs.tries import REPLACED

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


def test_of_thirty_quick_moves_the_last_is_answered_and_nothing_is_left_over(server, open_page, store):
    page = open_page(f"{server.url}/playground")
    until_answered(page)
    for key in ["ArrowRight", "ArrowRight", "ArrowLeft"] * 9 + ["ArrowRight"] * 3:
        press(page, key)
    # 0.02 and twelve positions further on
    expect(page.get_by_role("slider", name="Learning rate")).to_have_attribute("aria-valuetext", "0.6")
    expect(page.locator("button.dot[aria-pressed=true]")).to_have_attribute(
        "aria-label", re.compile(r"^Learning rate 0\.6:")
    )
    last = until_answered(page)
    expect(page).to_have_url(re.compile(f"try={last}"))
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    shown = store.get(last, who=OPERATOR)
    assert (shown.status, shown.config.learning_rate) == ("finished", 0.6)
    tries = store.list_tries(who=Who(shown.owner))
    assert tries[0].id == last
    assert not [run.name for run in tries if run.is_active]
    assert {run.error for run in tries if run.status != "finished"} <= {REPLACED}


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
