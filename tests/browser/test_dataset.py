"""The Dataset page in a browser: a click on an image, the keyboard, a selection on the map, a download."""

import csv
import re

from playwright.sync_api import Page, expect


def image(page: Page, number: int):
    """Return the button of the image at this position in the grid."""
    return page.get_by_role("group", name="Images: choose one").get_by_role("button").nth(number)


def number_of(button) -> str:
    return re.search(r"Image (\d+)", button.get_attribute("aria-label")).group(1)


def test_a_click_shows_an_image_large_and_puts_it_into_the_address(server, open_page):
    page = open_page(f"{server.url}/dataset")
    expect(page.get_by_role("group", name="Images: choose one").get_by_role("button")).to_have_count(25)
    third = image(page, 2)
    third.click()
    number = number_of(third)
    expect(page.get_by_text(f"Image {number}, label")).to_be_visible()
    expect(image(page, 2)).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(rf"image={number}"))
    other_window = open_page(page.url)
    expect(other_window.get_by_text(f"Image {number}, label")).to_be_visible()


def test_images_are_chosen_by_keyboard(server, open_page):
    page = open_page(f"{server.url}/dataset")
    image(page, 0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(image(page, 6)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Image {number_of(image(page, 6))}, label")).to_be_visible()
    expect(image(page, 6)).to_be_focused()


def test_a_box_on_the_map_shows_the_images_in_it(server, open_page):
    page = open_page(f"{server.url}/dataset?view=Map")
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    expect(plot).to_be_visible()
    page.locator(".modebar-btn[data-val=select]").click()
    area = plot.bounding_box()
    page.mouse.move(area["x"] + 0.3 * area["width"], area["y"] + 0.3 * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + 0.6 * area["width"], area["y"] + 0.6 * area["height"], steps=5)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"[\d,]+ images, the first 40 shown"))).to_be_visible()
    expect(page.get_by_role("group", name="Images: choose one").get_by_role("button")).to_have_count(40)
    number = number_of(image(page, 3))
    image(page, 3).click()
    expect(page.get_by_text(f"Image {number}, label")).to_be_visible()


def test_the_pixel_table_is_downloaded_as_csv(server, open_page):
    page = open_page(f"{server.url}/dataset?view=Pixels")
    with page.expect_download() as download:
        page.get_by_role("button", name="Table as CSV").click()
    assert download.value.suggested_filename == "MNIST-training-pixels.csv"
    with download.value.path().open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["digit"] for row in rows] == ["all", *map(str, range(10))]
    assert float(rows[0]["mean"]) == 33.318421449829934


def test_the_page_fits_a_phone(server, open_page):
    page = open_page(f"{server.url}/dataset", width=400, scheme="dark")
    image(page, 4).tap()
    expect(page.get_by_text(f"Image {number_of(image(page, 4))}, label")).to_be_visible()
    right = "button => button.getBoundingClientRect().right"  # the button may be drawn anew at any time
    assert image(page, 4).evaluate(right) <= 400
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
