"""The window as a whole: on paper, and on a phone, where the sidebar lies over the page."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from mnist_core.runs import RunStore
from tests.evaluation.stored_run import store_run

TINY = "hidden_units=8&train_size=500&epochs=2"
# What stands at the right edge or at the end of a page with charts: if this is on paper, nothing was cut.
LAST_WORDS = {
    "dataset": ["Reshuffle", "label"],
    "training": ["Validation", "Epoch"],
    "evaluation": ["predicted", "digit"],
}


@pytest.fixture(scope="module")
def run_id(server) -> str:
    store = RunStore(f"sqlite:///{server.user_dir / 'runs.sqlite3'}")
    run = store_run(store, "calm-otter-17")
    store.close()
    return run.id


def printed(page: Page, file: Path) -> Path:
    """Print the page on A4 once all of it is there."""
    expect(page.locator("h1")).to_have_count(1)
    for waiting in ("stStatusWidget", "stSkeleton"):
        expect(page.get_by_test_id(waiting)).to_have_count(0)
    expect(page.locator(".js-plotly-plot .xtick").first).to_be_attached()
    page.pdf(path=file, format="A4", print_background=True)
    return file


def words_on(paper: Path) -> list[tuple[str, float, float]]:
    """Return each word with where it begins and ends, as shares of the paper's width."""
    html = subprocess.run(["pdftotext", "-bbox", paper, "-"], capture_output=True, text=True, check=True).stdout
    width = float(re.search(r'<page width="([\d.]+)"', html)[1])
    found = re.findall(r'<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)" yMax="[-\d.]+">([^<]*)</word>', html)
    return [(text, float(left) / width, float(right) / width) for left, right, text in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_printed_without_the_frame_whole_and_on_white(scheme, server, open_page, run_id, tmp_path):
    page = open_page(server.url, scheme=scheme)
    for name, last in LAST_WORDS.items():
        page.goto(f"{server.url}/{name}?run={run_id}")
        paper = printed(page, tmp_path / f"{name}.pdf")
        words = words_on(paper)
        texts = [text for text, _, _ in words]
        assert "Backpropagation" not in texts, f"{name}: the navigation is on paper"
        assert set(last) <= set(texts), name
        assert min(left for _, left, _ in words) >= 0.04, name
        assert max(right for _, _, right in words) <= 0.96, name

        subprocess.run(["pdftoppm", "-r", "30", "-png", "-singlefile", paper, tmp_path / name], check=True)
        picture = np.asarray(Image.open(tmp_path / f"{name}.png").convert("L"))
        assert np.median(picture) > 250, f"{name}: paper is white"
        assert picture.min() < 100, f"{name}: ink is dark"


def test_start_closes_the_sidebar_on_a_phone_and_leaves_it_on_a_desk(server, open_page):
    phone = open_page(f"{server.url}/training?{TINY}", width=400)
    opener = phone.get_by_test_id("stExpandSidebarButton")
    expect(phone.get_by_role("heading", name="Training", exact=True)).to_be_visible()
    expect(phone.get_by_test_id("stStatusWidget")).to_have_count(0)
    opener.click()
    expect(opener).to_have_count(0)
    phone.get_by_role("button", name="Start training").click()
    expect(phone).to_have_url(re.compile("run="))
    expect(opener).to_be_visible()

    desk = open_page(f"{server.url}/training?{TINY}")
    desk.get_by_role("button", name="Start training").click()
    expect(desk).to_have_url(re.compile("run="))
    expect(desk.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(desk.get_by_test_id("stExpandSidebarButton")).to_have_count(0)
