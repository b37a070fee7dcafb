"""A pair as a person would train it: one button, both curves live, then the verdict; and its link in another window."""

import re

from playwright.sync_api import expect

# Keras's start takes most of the time, on a busy machine much of it.
PATIENCE_MS = 180_000
RECIPE = "/keras_comparison?hidden_units=16&train_size=2000&epochs=5"


def test_a_pair_is_trained_by_one_button_and_found_by_its_link(server, open_page):
    page = open_page(server.url + RECIPE)
    page.get_by_role("button", name="Train the pair").click()
    expect(page).to_have_url(re.compile("pair="))
    expect(page.get_by_text("Is it the same network?")).to_be_visible()
    expect(page.get_by_text("Yes.", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text(re.compile("After 5 epochs none of the 12,730 weights differs"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(page.get_by_text("That is rounding: in float64")).to_be_visible()
    cost, accuracy, difference = (page.locator(".panel").nth(index) for index in range(3))
    for chart in (cost, accuracy, difference):
        expect(chart).to_have_attribute("data-points", "5")
    expect(cost).to_have_attribute("aria-label", "Cost by epoch, 5 points: NumPy, Keras")
    expect(difference.locator(".scatterlayer .trace")).to_have_count(2)  # a difference of 0 leaves a gap
    expect(page.get_by_text(re.compile("right on exactly the same images|McNemar's exact test"))).to_be_visible()
    expect(page.get_by_text(re.compile("Both ran on the same worker"))).to_be_visible()

    phone = open_page(page.url, width=400, scheme="dark")
    expect(phone.get_by_text(re.compile("After 5 epochs none of the 12,730 weights differs"))).to_be_visible()
    expect(phone.locator(".panel").nth(2)).to_have_attribute("data-points", "5")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 400
