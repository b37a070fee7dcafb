"""The film of a run plays by itself, by mouse and by keyboard, and its frame is in the link."""

import re

from playwright.sync_api import expect

# Frames pass faster than a busy machine looks.
NOTE_FRAMES = """film => {
    film.frames = [];
    new MutationObserver(() => {
        if (film.frames.at(-1) !== film.dataset.epochs) film.frames.push(film.dataset.epochs);
    }).observe(film, { attributes: true, attributeFilter: ['data-epochs'] });
}"""


def test_the_film_plays_and_its_frame_is_in_the_link(server, open_page):
    page = open_page(f"{server.url}/training?hidden_units=8&train_size=500&epochs=10")
    page.get_by_role("button", name="Start training").click()
    expect(page.locator("h3 .stMarkdownBadge").first).to_have_text("finished", timeout=60_000)
    page.get_by_text("Film: how it learnt").click()
    film = page.locator(".film")
    expect(film).to_have_attribute("data-epochs", "10")
    expect(page).to_have_url(re.compile("frame=10"))
    play = page.get_by_role("button", name="Play")
    film.evaluate(NOTE_FRAMES)
    play.focus()
    play.press("Enter")
    expect(page.get_by_role("button", name="Play")).to_have_count(0)
    expect(page.get_by_role("button", name="Play")).to_be_visible()  # it has ended
    assert film.evaluate("film => film.frames") == ["0", "1", "2", "5", "10"]

    slider = page.get_by_role("slider", name="Snapshot: after how many epochs")
    slider.press("ArrowLeft")
    expect(film).to_have_attribute("data-epochs", "5")
    expect(film.locator("output")).to_contain_text("After 5 epochs:")
    expect(page).to_have_url(re.compile("frame=5"))
    again = open_page(page.url, scheme="dark", width=400)
    expect(again.locator(".film")).to_have_attribute("data-epochs", "5")
    assert again.evaluate("document.documentElement.scrollWidth") <= 400
