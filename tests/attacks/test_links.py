"""Pages opened by broken links: no page fails, and each stays usable. What once failed is kept in corpus/links.json."""

import json
from pathlib import Path

import pytest

from pages.places import PLACES
from pages.shared import page
from tests.app.conftest import SMALL, make_run, show_page, store, user_dir  # noqa: F401 - fixtures
from tests.attacks.links import GARBAGE, broken_link, parameters

CORPUS = json.loads((Path(__file__).parent / "corpus" / "links.json").read_text())
MIXTURES = [(place.folder, seed) for place in PLACES for seed in range(1)]


def check(app, folder):
    assert not app.exception
    assert not [error.value for error in app.error if "Something went wrong" in error.value]
    for shown in [*app.error, *app.warning]:
        assert len(shown.value) < 5000
    place = page.in_words(next(place for place in PLACES if place.folder == folder))
    assert place.sentence in app.markdown[0].value
    app.run()  # it stays usable: what was wrong is not said again
    assert not app.exception
    assert not [warning for warning in app.warning if "The link says" in warning.value]


@pytest.mark.parametrize(("folder", "query"), CORPUS, ids=lambda value: str(value)[:40])
def test_links_that_once_broke_a_page(folder, query, show_page):  # noqa: F811
    check(show_page(folder, **query), folder)


@pytest.mark.parametrize(("folder", "seed"), MIXTURES)
def test_mixtures_of_garbage(folder, seed, show_page, make_run):  # noqa: F811
    make_run("finished", epochs=3, test_accuracy=0.9)
    check(show_page(folder, **broken_link(folder, parameters(folder), seed)), folder)


def test_what_a_link_says_wrongly_is_said_once_and_the_default_is_shown(show_page):  # noqa: F811
    app = show_page("draw", input="Teach me", sample="inf")
    (warning,) = app.warning
    assert (
        warning.value == "The link says sample = 'inf'. Expected a whole number from 0 to 9999; the default is shown."
    )
    assert app.number_input(key="sample").value == 0
    assert "sample" not in app.query_params


def test_the_parameters_are_found():
    assert {"sample", "input"} <= set(parameters("draw"))
    assert {"example", "draw", "digit", "lesson"} <= set(parameters("backpropagation"))
    assert len(set(GARBAGE)) == len(GARBAGE)
