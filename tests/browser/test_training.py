"""A run followed as a person would: switching pages, refreshing, from a second window, through a worker's death."""

import re

import psutil
from playwright.sync_api import Locator, Page, expect

from mnist_core import load_mnist
from mnist_core.lessons.digits_to_watch import ten_to_watch
from mnist_core.lessons.inside import activations
from mnist_core.runs import OPERATOR, RunStore

# Ten thousand quick epochs: they last longer than any test here, and each test ends its run itself.
LONG = "/training?hidden_units=32&train_size=20000&validation_size=1000&epochs=10000"


def start(page: Page) -> str:
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile("run="))
    return re.search("run=([^&]+)", page.url)[1]


def badge(page: Page) -> Locator:
    return page.locator("h3 .stMarkdownBadge").first


def chart(page: Page) -> Locator:
    return page.locator(".panel").first


def points(page: Page) -> int:
    return int(chart(page).get_attribute("data-points"))


def epochs_done(page: Page) -> int:
    return int(re.search("Epoch ([0-9,]+) of", page.get_by_test_id("stProgress").inner_text())[1].replace(",", ""))


def top(locator: Locator) -> float:
    return locator.bounding_box()["y"]


def button(page: Page, name: str) -> Locator:
    # Streamlit has a Stop of its own in the window's head.
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def end_run(page: Page) -> None:
    button(page, "Stop").click()
    expect(badge(page)).to_have_text("stopped")


def test_a_run_is_followed_over_pages_refreshes_and_windows(server, open_page):
    page = open_page(server.url + LONG)
    run_id = start(page)
    expect(badge(page)).to_have_text("running")
    expect(chart(page)).to_have_attribute("data-points", re.compile("^([5-9]|[0-9]{2,})$"))
    name = page.locator("h3").first.inner_text().split()[0]

    page.get_by_role("link", name="Dataset").click()
    expect(page.get_by_role("heading", name="Dataset")).to_be_visible()
    page.get_by_role("link", name="Training").click()
    expect(page.locator("h3").first).to_contain_text(name)
    expect(page).to_have_url(re.compile(f"hidden_units=32.*run={run_id}|run={run_id}.*hidden_units=32"))

    page.reload()
    expect(page.locator("h3").first).to_contain_text(name)

    second = page.context.new_page()  # of the same visitor: others may not pause the run
    second.goto(page.url)
    expect(second.locator("h3").first).to_contain_text(name)
    button(second, "Pause").click()
    for window in (page, second):
        expect(badge(window)).to_have_text("paused")
    reached = epochs_done(page)
    button(page, "Step").click()
    expect(page.get_by_test_id("stProgress")).to_contain_text(f"Epoch {reached + 1:,} of")
    expect(badge(page)).to_have_text("paused")
    button(page, "Resume").click()
    for window in (page, second):
        expect(badge(window)).to_have_text("running")
    end_run(page)
    expect(badge(second)).to_have_text("stopped")


def test_zoom_stays_while_points_arrive(server, open_page):
    page = open_page(server.url + LONG)
    start(page)
    expect(chart(page)).to_have_attribute("data-points", re.compile("^([5-9]|[0-9]{2,})$"))
    area = chart(page).locator(".nsewdrag").bounding_box()
    page.mouse.move(area["x"] + 0.2 * area["width"], area["y"] + 0.2 * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + 0.6 * area["width"], area["y"] + 0.8 * area["height"], steps=5)
    page.mouse.up()
    zoomed, before = ranges(page), points(page)
    assert zoomed[0][0] > 0
    page.wait_for_function(
        "before => Number(document.querySelector('.panel').dataset.points) > before + 1", arg=before, timeout=30_000
    )
    assert ranges(page) == zoomed
    end_run(page)


def ranges(page: Page) -> list[list[float]]:
    return chart(page).evaluate("panel => [panel._fullLayout.xaxis.range, panel._fullLayout.yaxis.range]")


def test_a_killed_worker_is_replaced_and_the_page_goes_on(server, open_page, store):
    page = open_page(server.url + LONG)
    run_id = start(page)
    page.wait_for_function("() => Number(document.querySelector('.panel')?.dataset.points) > 20", timeout=60_000)
    victim = store.get(run_id, who=OPERATOR).worker
    reached = store.load_checkpoint(run_id, who=OPERATOR).epochs_done
    psutil.Process(int(victim.rpartition(":")[2])).kill()
    expect(page.get_by_test_id("stProgress")).to_contain_text("Epoch")
    page.wait_for_function(
        """reached => {
            const words = document.querySelector('[data-testid=stProgress]').innerText.match(/Epoch ([0-9,]+) of/);
            return Number(words[1].replaceAll(',', '')) > reached;
        }""",
        arg=reached + 50,
        timeout=60_000,
    )
    assert store.get(run_id, who=OPERATOR).worker != victim
    expect(badge(page)).to_have_text("running")
    end_run(page)


def test_a_finished_run_stands_still_with_its_test_accuracy_and_its_network(server, open_page, store):
    page = open_page(f"{server.url}/training?hidden_units=16&train_size=2000&epochs=3")
    run_id = start(page)
    expect(badge(page)).to_have_text("finished", timeout=60_000)
    accuracy = page.get_by_test_id("stMetric").filter(has_text="Test accuracy").get_by_test_id("stMetricValue")
    expect(accuracy).to_have_text(re.compile(r"^\d\d\.\d\d %$"))
    expect(button(page, "Pause")).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(chart(page).locator(".main-svg").first).to_be_visible()
    assert top(chart(page)) < 300
    assert int(chart(page).get_attribute("data-points")) == 3  # full batch: one cost for each pass
    check_network(page, store, run_id)
    with page.expect_download() as download:
        page.get_by_role("button", name="Model .npz").click()
    assert download.value.suggested_filename.endswith(".npz")


def check_network(page: Page, store: RunStore, run_id: str) -> None:
    """Let the 3 of the ten images flow through the network, and compare what is seen with the network's numbers."""
    run, network = store.get(run_id, who=OPERATOR), store.network(run_id, who=OPERATOR)
    ten, _ = ten_to_watch(run.config, load_mnist())
    tiles = page.locator(".ten button")
    expect(tiles).to_have_count(10)
    guesses = tiles.evaluate_all("tiles => tiles.map(tile => Number(tile.dataset.guess))")
    assert guesses == network.predict(ten.images).tolist()
    expect(page.locator(".ten .which")).to_have_text("It learns from 1 of these 10.")  # no set is held out
    tiles.nth(3).click()
    expect(page.locator("canvas.ink")).to_have_attribute("aria-label", "The image: 3")
    hidden, probabilities = activations(network, ten.images[3:4])[1:]
    for layer, values in ((1, hidden[0]), (2, probabilities[0])):
        units = page.locator(f"button.unit[data-layer='{layer}']")
        seen = units.evaluate_all("units => units.map(unit => [unit.dataset.unit, unit.dataset.value].map(Number))")
        assert len(seen) == {1: 12, 2: 10}[layer]
        assert [value for _, value in seen] == [float(values[int(unit)]) for unit, _ in seen]
    expect(page).to_have_url(re.compile("picture=Network"))
    assert top(page.locator(".living .stage")) + page.locator(".living .stage").bounding_box()["height"] < 720
