"""The picture comes first: on a projector of 1280 x 720 it begins in the upper half, without scrolling."""

import pytest
from playwright.sync_api import expect

HIGHEST_PX = 300
PICTURES = {
    "/": ".living .stage",
    "/dataset": "button:has(i)",
    "/draw": "canvas",
    "/evaluation": "[data-testid=stPlotlyChart]",
    "/playground": "svg.share",
    "/backpropagation?step=1": "[data-testid=stPlotlyChart]",
    "/backpropagation?step=2": "[data-testid=stPlotlyChart]",
    "/backpropagation?step=15": "[data-testid=stPlotlyChart]",
}


@pytest.mark.parametrize("address", PICTURES)
def test_the_picture_begins_in_the_upper_half_of_a_projector(server, open_page, address):
    page = open_page(f"{server.url}{address}")
    page.set_viewport_size({"width": 1280, "height": 720})
    picture = page.get_by_test_id("stMain").locator(PICTURES[address]).first
    expect(picture).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    assert picture.bounding_box()["y"] < HIGHEST_PX
