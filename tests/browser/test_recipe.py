"""The recipe in a browser: whatever is typed, a wrong value is explained at its field and starts nothing."""

import re

import pytest
from playwright.sync_api import expect

EPOCHS = "Epochs: a whole number from 1 to 10,000, such as 1000."


@pytest.mark.parametrize("typed", ["0", "10001", "", "1e300"])
def test_a_wrong_number_of_epochs_is_explained_and_start_is_off(server, open_page, typed):
    page = open_page(f"{server.url}/training?hidden_units=8&train_size=100")
    start = page.get_by_role("button", name="Start training")
    expect(start).to_be_enabled()
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill(typed)
    epochs.press("Tab")
    expect(page.get_by_text("Correct Epochs below to start.")).to_be_visible()
    expect(page.get_by_text(re.compile("^Epochs: "))).to_be_visible()
    expect(start).to_be_disabled()
    epochs.fill("7")
    epochs.press("Tab")
    expect(page.get_by_text(re.compile("^Epochs: "))).to_have_count(0)
    expect(start).to_be_enabled()
    expect(page).to_have_url(re.compile("epochs=7"))


def test_wrong_layers_are_explained_with_an_example(server, open_page):
    page = open_page(f"{server.url}/training")
    units = page.get_by_role("textbox", name="Hidden units")
    units.fill("128, many")
    units.press("Enter")
    expect(page.get_by_text("Hidden units: whole numbers from 1 to 2048, such as 128-64")).to_be_visible()
    expect(page.get_by_role("button", name="Start training")).to_be_disabled()
