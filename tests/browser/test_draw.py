"""The Draw page in a browser: strokes by mouse, finger and keyboard, and what becomes of them."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from mnist_core.data.drawing import MIDDLE, centre_of_mass
from tests.data.digit_strokes import DIGITS, strokes

PAD = ".paper canvas"
# Off-centre and small: left, top, width and height on the pad of 280 x 280.
PLACE = (26, 150, 60, 92)


def on_screen(page: Page, digit, place=PLACE):
    """Return the digit's strokes in pixels of the window."""
    box = page.locator(PAD).bounding_box()
    scale = box["width"] / 280
    return [[(box["x"] + x * scale, box["y"] + y * scale) for x, y in stroke] for stroke in strokes(digit, *place)]


def draw(page: Page, digit, place=PLACE):
    for stroke in on_screen(page, digit, place):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def answer(page: Page):
    return page.get_by_role("heading", level=3).first


def button(page: Page, name):
    return page.get_by_role("button", name=name, exact=True)


def reads(digit):
    """Return the pattern of words with which a network says that it reads a digit."""
    return re.compile(rf"(This is|Probably) an? {digit}\b")


def is_read(page: Page, digit):
    """Whether the page comes to say that it reads this digit."""
    try:
        expect(answer(page)).to_have_text(reads(digit), timeout=5000)
    except AssertionError:
        return False
    return True


def shown_to_network(page: Page):
    """Return the image that the page says the network is given."""
    source = page.get_by_alt_text("The 28 by 28 pixels that the network is given").get_attribute("src")
    png = base64.b64decode(source.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def ink_on_pad(page: Page):
    return (
        page.locator(PAD).evaluate(
            "pad => pad.getContext('2d').getImageData(0, 0, 280, 280).data.reduce((sum, value) => sum + value, 0)"
        )
        - 280 * 280 * 255
    )  # the opacity of each pixel


def test_digits_drawn_small_and_off_centre_are_prepared_as_mnist_and_read(server, open_page):
    page = open_page(f"{server.url}/draw")
    expect(answer(page)).to_have_text("I cannot tell.")
    prepared, squeezed = 0, 0
    for digit in DIGITS:
        draw(page, digit)
        prepared += is_read(page, digit)
        image = shown_to_network(page)
        rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
        assert image.shape == (28, 28)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        assert np.abs(np.subtract(centre_of_mass(image), MIDDLE)).max() <= 0.25
        squeezed += bool(reads(digit).search(page.locator("blockquote").inner_text()))
        button(page, "Clear").click()
        expect(answer(page)).to_have_text("I cannot tell.")
    assert prepared >= 9
    assert squeezed <= 5


def test_undo_and_clear_by_keyboard_and_a_stroke_drawn_with_arrows(server, open_page):
    page = open_page(f"{server.url}/draw")
    pad = page.locator(PAD)
    expect(button(page, "Undo")).to_be_disabled()
    pad.focus()
    page.keyboard.press("Space")
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(answer(page)).to_have_text("This is a 1.")
    page.keyboard.press("Delete")
    expect(answer(page)).to_have_text("I cannot tell.")
    page.keyboard.press("Backspace")
    expect(answer(page)).to_have_text("This is a 1.")
    page.keyboard.press("Control+z")
    expect(answer(page)).to_have_text("I cannot tell.")
    expect(button(page, "Clear")).to_be_disabled()


def test_a_drawing_survives_other_controls_and_other_pages(server, open_page):
    page = open_page(f"{server.url}/draw")
    draw(page, 3)
    expect(answer(page)).to_have_text("This is a 3.")
    ink = ink_on_pad(page)
    assert ink > 0
    page.get_by_role("slider", name="Move right").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("+1 px")).to_be_visible()
    assert ink_on_pad(page) == ink
    page.get_by_role("link", name="Dataset").click()
    expect(page.get_by_role("heading", name="Dataset")).to_be_visible()
    page.get_by_role("link", name="Draw a digit").click()
    expect(answer(page)).to_have_text("This is a 3.")
    assert ink_on_pad(page) == ink
    draw(page, 1, (200, 40, 4, 100))
    button(page, "Undo").click()
    expect(answer(page)).to_have_text("This is a 3.")
    button(page, "Undo").click()
    expect(answer(page)).to_have_text("I cannot tell.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_finger_draws_on_a_phone_without_scrolling(server, open_page, scheme):
    page = open_page(f"{server.url}/draw", width=400, scheme=scheme)
    expect(answer(page)).to_have_text("I cannot tell.")
    touch = page.context.new_cdp_session(page)
    page.locator(PAD).scroll_into_view_if_needed()
    before = page.locator(PAD).bounding_box()
    for stroke in on_screen(page, 2, (60, 40, 130, 200)):
        for kind, points in [("touchStart", stroke[:1]), *(("touchMove", [point]) for point in stroke[1:])]:
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(answer(page)).to_have_text("This is a 2.")
    assert page.locator(PAD).bounding_box() == before
    expect(page.get_by_text("The training images most like it")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_pad_and_answer_are_both_seen_on_a_phone(server, open_page):
    page = open_page(f"{server.url}/draw", width=400)
    page.set_viewport_size({"width": 400, "height": 800})
    draw(page, 3, (60, 40, 130, 200))
    expect(answer(page)).to_have_text("This is a 3.")
    expect(page.locator(PAD)).to_be_in_viewport(ratio=1)
    expect(answer(page)).to_be_in_viewport(ratio=1)
    expect(page.locator("table tbody tr").last).to_be_in_viewport(ratio=1)


def test_a_cleared_pad_forgets_how_the_last_digit_was_turned(server, open_page):
    page = open_page(f"{server.url}/draw")
    draw(page, 7, (60, 40, 130, 200))
    expect(answer(page)).to_have_text("This is a 7.")
    page.get_by_role("slider", name="Turn clockwise").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("Changed by the sliders: turn clockwise +90°")).to_be_visible()
    button(page, "Clear").click()
    expect(answer(page)).to_have_text("I cannot tell.")
    draw(page, 7, (60, 40, 130, 200))
    expect(answer(page)).to_have_text("This is a 7.")
    expect(page.get_by_text("Changed by the sliders")).to_have_count(0)


def test_the_ten_probabilities_are_bars_with_numbers(server, open_page):
    page = open_page(f"{server.url}/draw?input=Teach+me&sample=0")
    expect(answer(page)).to_have_text("What do you read?")
    page.get_by_role("radio", name="7", exact=True).click()
    expect(answer(page)).to_have_text("This is a 7.")
    rows = page.locator("table tbody tr")
    expect(rows).to_have_count(10)
    shares = [float(text.split("\n")[-1].split()[0].rstrip("%")) for text in rows.all_inner_texts()]
    assert max(range(10), key=shares.__getitem__) == 7
    assert sum(shares) == pytest.approx(100, abs=0.6)
    widths = [row.locator(".track i").bounding_box()["width"] for row in rows.all()]
    assert max(range(10), key=widths.__getitem__) == 7


def test_a_file_that_is_no_picture_is_refused_in_words(server, open_page):
    page = open_page(f"{server.url}/draw?input=Photo")
    expect(page.get_by_text("Choose a photo of one digit")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {"name": "digit.png", "mimeType": "image/png", "buffer": b"certainly not a picture"}
    )
    expect(page.get_by_text("received something else")).to_be_visible()
    expect(answer(page)).to_have_text("I cannot tell.")
