"""The frame: each page by a deep link as the very first request, in every width and theme; what the server serves."""

import gzip
import urllib.request
from pathlib import Path

import plotly
import pytest
from playwright.sync_api import Page, expect

from pages.places import PLACES
from tests.browser.server import running_server

PAGES = [place.folder for place in PLACES]
# Pages that judge a network bring scikit-learn and SciPy, once for all visitors: about 80 MB.
LIGHT_PAGES, LIGHT_PAGES_BYTES = ("overview", "dataset", "training", "runs"), 300 * 2**20
ALL_PAGES_BYTES = 400 * 2**20


def address(name: str) -> str:
    return "/" if name == "overview" else f"/{name}"


def until_drawn(page: Page) -> None:
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("name", PAGES)
def test_a_deep_link_is_the_first_request_to_a_fresh_server(name, open_page, tmp_path):
    # No training here, so the server need not start workers.
    with running_server(tmp_path, MNIST_SCHEDULER_ADDRESS="tcp://127.0.0.1:9") as server:
        page = open_page(server.url + address(name))
        until_drawn(page)
        here = page.locator("[data-testid=stSidebarNavLink][aria-current=page]")
        expect(here).to_have_count(1)
        assert here.get_attribute("href").endswith(address(name))
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.title() == "MNIST from scratch"
        assert "/media/" in page.locator("link[rel*=icon]").first.get_attribute("href")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone(scheme, server, open_page):
    page = open_page(server.url, width=400, scheme=scheme)
    for name in PAGES:
        page.goto(server.url + address(name))
        until_drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, name
        main = page.get_by_test_id("stMain")
        assert main.evaluate("node => node.scrollWidth <= node.clientWidth"), name


def test_the_server_stays_small_and_never_loads_tensorflow(open_page, tmp_path):
    with running_server(tmp_path, MNIST_SCHEDULER_ADDRESS="tcp://127.0.0.1:9") as server:
        page = open_page(server.url)
        for name in sorted(PAGES, key=lambda name: name not in LIGHT_PAGES):
            page.goto(server.url + address(name))
            until_drawn(page)
            limit = LIGHT_PAGES_BYTES if name in LIGHT_PAGES else ALL_PAGES_BYTES
            assert server.process.memory_info().rss < limit, name
        maps = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "numpy" in maps
    assert "tensorflow" not in maps


def test_bundles_are_compressed_and_plotly_is_the_packages_own(server):
    path = f"/assets/plotly-{plotly.__version__}.min.js"
    own = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
    plain, _ = fetch(server.url + path, "identity")
    packed, headers = fetch(server.url + path, "gzip")
    assert plain == own
    assert gzip.decompress(packed) == own
    assert headers["content-encoding"] == "gzip"
    assert len(packed) < len(own) / 3
    assert "immutable" in headers["cache-control"]


def fetch(url: str, encoding: str) -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}
