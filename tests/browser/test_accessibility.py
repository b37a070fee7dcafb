"""Every page for people who cannot see well or use no mouse: axe-core in both themes, main actions by keyboard."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from mnist_core.lessons.glossary import GLOSSARY
from mnist_core.runs import OPERATOR, RunStore, Who
from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.tries import add_try
from mnist_core.training import TrainingConfig
from pages.places import PLACES
from tests.browser.server import Server, running_server
from tests.evaluation.stored_run import store_run

GRAVE = {"serious", "critical"}
# Findings in Streamlit's own markup, which we cannot change: rule, where, and what it is.
STREAMLITS = (
    ("list", "[data-testid=stSidebarNavItems]", "the navigation's sections are <div> inside a <ul>"),
    ("listitem", "[data-testid=stSidebarNav]", "their entries are <li> inside a <div>"),
    (
        "color-contrast",
        ":is([data-testid=stSelectbox], [data-testid=stMultiSelect]):has(input:disabled)",
        "off is faint",
    ),
    ("color-contrast", "[data-testid=stCode]", "code is coloured by Streamlit's highlighter"),
)
MOST_TABS = 80
TINY = "hidden_units=8&train_size=500&epochs=2"


@pytest.fixture(scope="module", params=["empty", "finished run"])
def served(request, tmp_path_factory) -> Iterator[tuple[Server, str]]:
    """A server without workers, and the query string of its run."""
    with running_server(tmp_path_factory.mktemp("user"), MNIST_SCHEDULER_ADDRESS="tcp://127.0.0.1:9") as server:
        if request.param == "empty":
            yield server, ""
        else:
            store = RunStore(f"sqlite:///{server.user_dir / 'runs.sqlite3'}")
            yield server, f"?run={store_run(store, 'calm-otter-17').id}"
            store.close()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.folder)
def test_no_page_has_a_grave_finding(place, served, open_page):
    server, query = served
    page = open_page(f"{server.url}/{place.folder}{query}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            "scheme => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === scheme",
            arg=scheme,
        )
        until_drawn(page)
        assert findings(page) == [], scheme


@pytest.mark.parametrize("served", ["empty"], indirect=True)
def test_a_visitor_who_waits_is_told_the_place_in_the_queue(served, open_page):
    server, _ = served
    store = RunStore(f"sqlite:///{server.user_dir / 'runs.sqlite3'}")
    for number in range(29):
        add_try(store, TrainingConfig(epochs=1, train_size=100), 99, who=Who(f"visitor {number}", f"10.0.0.{number}"))
    page = open_page(f"{server.url}/playground")
    expect(page).to_have_url(re.compile("try="))
    place = WorkQueue(store).position(page.url.partition("try=")[2], who=OPERATOR)
    store.close()
    assert place >= 30
    expect(page.locator("p[role=status]")).to_have_text(f"Waiting: number {place} in the queue.")


def until_drawn(page: Page) -> None:
    expect(page.locator("h1")).to_have_count(1)
    for waiting in ("stStatusWidget", "stSkeleton"):
        expect(page.get_by_test_id(waiting)).to_have_count(0)


def findings(page: Page) -> list[str]:
    """Return axe-core's serious and critical findings outside of `STREAMLITS`, each in a line."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in violations
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if not is_streamlits(page, violation["id"], node["target"])
    ]


def is_streamlits(page: Page, rule: str, target: list[str]) -> bool:
    return any(
        rule == known and page.locator(str(target[0])).first.evaluate("(node, at) => node.closest(at) !== null", where)
        for known, where, _ in STREAMLITS
    )


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    pytest.fail(f"{wanted} cannot be reached with the Tab key.")


@pytest.mark.parametrize(
    ("address", "name", "arrives_at"),
    [
        ("", "Open the Playground", r"/playground\?try="),
        ("", "Train the classic network", r"/training\?run="),
        (f"training?{TINY}", "Start training", "run="),
        (f"keras_comparison?{TINY}", "Train the pair", "pair="),
        ("backpropagation?step=3", "Next", "step=4"),
    ],
)
def test_the_main_action_is_reached_and_done_by_keyboard(address, name, arrives_at, server, open_page):
    page = open_page(f"{server.url}/{address}")
    until_drawn(page)
    tab_to(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(arrives_at))


def test_parts_of_the_evaluation_are_chosen_by_arrow_keys(server, open_page):
    store = RunStore(f"sqlite:///{server.user_dir / 'runs.sqlite3'}")
    run = store_run(store, "calm-otter-17")
    store.close()
    page = open_page(f"{server.url}/evaluation?run={run.id}")
    until_drawn(page)
    tab_to(page, page.get_by_role("tab", name="Matrix"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Digits")).to_be_focused()


def test_a_word_of_the_field_opens_its_sentence_by_mouse_key_and_finger(server, open_page):
    sentence = GLOSSARY["parameters"]
    page = open_page(f"{server.url}/")
    until_drawn(page)
    word = page.locator("dfn", has_text="parameters")
    opened = word.get_by_text(sentence)
    expect(opened).to_be_hidden()
    word.hover()
    expect(opened).to_be_visible()
    page.mouse.move(0, 0)
    expect(opened).to_be_hidden()
    tab_to(page, word)
    expect(opened).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    expect(opened).to_be_hidden()
    phone = open_page(f"{server.url}/", width=400)
    until_drawn(phone)
    phone.locator("dfn", has_text="parameters").tap()
    expect(phone.locator("dfn").get_by_text(sentence)).to_be_in_viewport(ratio=1)
