"""The Runs page in a browser: a real run is repeated and found to be bit-identical, then deleted."""

import re

from playwright.sync_api import expect

from mnist_core.runs import OPERATOR, RunStore
from mnist_core.training import TrainingConfig

TINY = TrainingConfig(hidden_units=(8,), train_size=500, epochs=3)


def test_run_again_says_that_the_weights_are_bit_identical(server, open_page):
    store = RunStore(f"sqlite:///{server.user_dir / 'runs.sqlite3'}")
    original = store.create(TINY, name="original", who=OPERATOR)
    page = open_page(f"{server.url}/runs?runs={original.id}")
    expect(page.get_by_role("heading", name="original")).to_contain_text("finished", timeout=60_000)
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_text("the weights are bit-identical")).to_be_visible(timeout=60_000)
    expect(page).to_have_url(re.compile(original.id))
    repeat = next(run for run in store.list_runs(who=OPERATOR) if run.name == "original again")
    assert repeat.weights_sha256 == store.get(original.id, who=OPERATOR).weights_sha256
    assert repeat.weights_sha256

    page.goto(f"{server.url}/runs?runs={repeat.id}")
    expect(page.get_by_role("heading", name="original again")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Move to the trash").click()
    expect(page.get_by_text("at the left edge of the table")).to_be_visible()
    assert repeat.id not in {run.id for run in store.list_runs(who=OPERATOR)}
    store.close()


def test_one_button_on_the_overview_starts_the_classic_run(server, open_page):
    page = open_page(server.url)
    expect(page.get_by_role("img", name=re.compile("109,386 parameters"))).to_be_visible()
    page.get_by_role("button", name="Train the classic network").click()
    expect(page).to_have_url(re.compile(r"/training\?run="))
    expect(page.get_by_role("heading", name="Training", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("stopped", exact=True)).to_be_visible(timeout=60_000)
