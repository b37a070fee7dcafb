"""A run that another release has written is named on the Runs page, and no page fails because of it."""

import pytest
from sqlalchemy import text

from mnist_core.runs import OPERATOR
from pages.places import PLACES

NEWER = '{"epochs": 5, "gating": true}'


@pytest.fixture
def unreadable(make_run, store):
    run = make_run("finished", 3, name="from-the-future")
    with store.database.write() as connection:
        connection.execute(text("UPDATE runs SET config = :config WHERE id = :id"), {"config": NEWER, "id": run.id})
    return run


def test_the_runs_page_lists_it_with_its_config_and_deletes_it(show_page, make_run, store, unreadable):
    make_run("finished", 3, name="readable")
    app = show_page("runs")
    assert app.expander[0].label == "1 run cannot be read"
    assert "from-the-future" in app.text[0].value
    assert "gating" in app.text[0].value
    assert app.code[0].value == NEWER
    app.button(key=f"delete {unreadable.id}").click().run()
    assert [element.label for element in app.expander] == []
    assert store.unreadable_runs(who=OPERATOR) == ()
    assert [run.name for run in store.list_runs(who=OPERATOR)] == ["readable"]


def test_alone_it_is_listed_too(show_page, unreadable):
    app = show_page("runs")
    assert app.expander[0].label == "1 run cannot be read"
    assert app.info[0].value.startswith("Nothing has been trained yet.")


@pytest.mark.parametrize("place", [place.folder for place in PLACES])
def test_every_page_survives_it_in_the_list_and_in_its_link(show_page, make_run, unreadable, place):
    make_run("finished", 3)
    app = show_page(place, run=unreadable.id)
    assert not app.exception
