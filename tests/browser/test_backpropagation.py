"""The Backpropagation page and the film in a browser: by mouse, by touch at 400 pixels, by link and by keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_core import TrainingConfig, load_mnist, train
from mnist_core.evaluation import evaluate
from mnist_core.lessons.catalogue import first_network
from mnist_core.lessons.film import film_images
from mnist_core.lessons.one_update import compute_update
from mnist_core.runs import OPERATOR

PHONE_PX = 400
FILM = TrainingConfig(hidden_units=(16,), train_size=500, epochs=2, batch_size=20)


@pytest.fixture(scope="module")
def update():
    data = load_mnist().train
    return compute_update(first_network(TrainingConfig()), data.images[0], int(data.labels[0]), 0.1)


def title(page: Page) -> Locator:
    return page.locator("[data-testid=stMain] h3").first


def choice(page: Page, name: str) -> Locator:
    """Return one of a row of buttons of which one can be chosen."""
    return page.get_by_role("radio", name=name, exact=True).or_(page.get_by_role("button", name=name, exact=True))


def tap_cell(page: Page, chart: Locator, share: tuple[float, float]) -> str:
    """Tap a heatmap at a place given as shares of its width and height, and return what its label says."""
    plot = chart.locator(".plot .hm, .heatmaplayer").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.touchscreen.tap(box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"])
    label = chart.locator(".hoverlayer text").first
    expect(label).to_be_visible()
    return label.text_content()


def test_one_update_is_followed_by_clicks_and_survives_a_reload(server, open_page, update):
    page = open_page(f"{server.url}/backpropagation")
    expect(title(page)).to_have_text("The image")
    for name in ("Weighted sums z1", "Activations a1", "Weighted sums z2"):
        page.get_by_role("button", name="Next").click()
        expect(title(page)).to_have_text(name)
    expect(page).to_have_url(re.compile("step=4"))
    page.reload()
    expect(title(page)).to_have_text("Weighted sums z2")
    expect(page.get_by_text("np.matmul(self.h[layer - 1], kernels[layer], out=z)")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(title(page)).to_have_text("Activations a1")
    expect(page.locator(".katex").first).to_contain_text("max")


def test_arrow_keys_go_from_step_to_step(server, open_page):
    page = open_page(f"{server.url}/backpropagation")
    expect(title(page)).to_have_text("The image")
    expect(page.get_by_role("button", name="Next")).to_be_enabled()
    page.keyboard.press("ArrowRight")
    expect(title(page)).to_have_text("Weighted sums z1")
    page.keyboard.press("ArrowRight")
    expect(title(page)).to_have_text("Activations a1")
    page.keyboard.press("ArrowLeft")
    expect(title(page)).to_have_text("Weighted sums z1")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (PHONE_PX, 800)])
def test_the_next_step_stays_in_reach(server, open_page, width, height):
    page = open_page(f"{server.url}/backpropagation?step=2", width=width)
    page.set_viewport_size({"width": width, "height": height})
    expect(title(page)).to_have_text("Weighted sums z1")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_in_viewport(ratio=1)
    page.get_by_text("The lines of this app that compute it").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Next")).to_be_in_viewport(ratio=1)


def test_no_formula_is_cut_on_a_phone(server, open_page):
    page = open_page(f"{server.url}/backpropagation?step=6", width=PHONE_PX)
    for name in ("Ten sums z3, the logits", "Probabilities p", "The cost", "Backwards: dz3 of the ten sums"):
        expect(title(page)).to_have_text(name)
        formula = page.locator(".katex-display").first
        expect(formula).to_be_visible()
        assert formula.evaluate("element => element.scrollWidth <= element.clientWidth + 1")
        page.get_by_role("button", name="Next").click()


def test_a_tap_on_a_pixel_tells_its_number_on_a_phone(server, open_page, update):
    page = open_page(f"{server.url}/backpropagation", width=PHONE_PX)
    chart = page.get_by_test_id("stPlotlyChart").first
    said = tap_cell(page, chart, ((14 + 0.5) / 28, (6 + 0.5) / 28))
    row, column, value = re.fullmatch(r"row (\d+), column (\d+): ([\d.]+)", said).groups()
    assert (abs(int(row) - 6) <= 1, abs(int(column) - 14) <= 1) == (True, True)
    assert float(value) == pytest.approx(update.x.reshape(28, 28)[int(row), int(column)], abs=1e-5)


@pytest.mark.parametrize("query", ["step=2", "step=15", "show=One+unit", "show=Check+it", "show=Step+size"])
def test_nothing_is_wider_than_a_phone(server, open_page, query):
    page = open_page(f"{server.url}/backpropagation?{query}", width=PHONE_PX)
    expect(page.get_by_test_id("stPlotlyChart").or_(page.get_by_test_id("stDataFrame")).first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") == 0


def test_a_lesson_and_the_last_step_by_touch(server, open_page, update):
    page = open_page(f"{server.url}/backpropagation?step=16", width=PHONE_PX)
    expect(page.get_by_text(f"The cost fell from {update.cost:.4g} to {update.cost_after:.4g}")).to_be_visible()
    page.get_by_role("button", name="Lessons").tap()
    choice(page, "All weights zero").tap()
    expect(page.get_by_text("every kernel's is exactly 0")).to_be_visible()
    expect(page).to_have_url(re.compile("lesson=All"))
    expect(page.get_by_text("The cost fell from 2.303")).to_be_visible()


def test_the_film_is_moved_by_keyboard(server, open_page, store):
    run, dataset = store.create(FILM, name="film-star-1", who=OPERATOR), load_mnist()
    trainer, (images, _) = train(FILM, dataset), film_images(FILM, dataset)
    store.save_snapshot(run.id, 0, trainer.network)
    accuracies = [evaluate(trainer.network, images).accuracy]
    for result in trainer:
        store.append_epochs(run.id, [result])
        store.save_snapshot(run.id, result.epoch + 1, trainer.network)
        accuracies.append(evaluate(trainer.network, images).accuracy)
    store.save_checkpoint(run.id, trainer.checkpoint())
    store.update(run.id, status="finished")

    page = open_page(f"{server.url}/training?run={run.id}")
    page.get_by_text("Film: how it learnt").click()
    slider = page.get_by_role("slider", name="Snapshot: after how many epochs")
    words = page.locator(".film output")
    for epoch in (2, 1, 0):
        expect(words).to_contain_text(f"After {epoch} {'epoch' if epoch == 1 else 'epochs'}:")
        expect(words).to_contain_text(f"{100 * accuracies[epoch]:.2f} %")
        if epoch:
            slider.press("ArrowLeft")
    assert len(set(accuracies)) == 3


def test_what_was_drawn_is_learnt_as_what_it_was_meant_to_be(server, open_page):
    page = open_page(f"{server.url}/draw")
    pad = page.locator("canvas").first
    expect(pad).to_be_visible()
    box = pad.bounding_box()
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(middle, box["y"] + 0.8 * box["height"], steps=10)
    page.mouse.up()
    page.get_by_role("link", name="Learn from this image").click()
    expect(page.get_by_text("Say which digit you meant")).to_be_visible()
    expect(page).to_have_url(re.compile("run=packaged"))
    choice(page, "1").click()
    expect(page.get_by_text("your drawing, meant as 1")).to_be_visible()
    expect(page).to_have_url(re.compile("meant=1"))
