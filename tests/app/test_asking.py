"""What engine or store refuse is said on the page where it was asked for, and the page stays usable."""

import pytest

from mnist_core.runs import OPERATOR
from mnist_core.settings import settings
from mnist_core.training import TrainingConfig

FULL = "Runs at a time: at most 1 of all visitors"


@pytest.fixture
def no_room(monkeypatch, store):
    """Let one run wait where one is all that is allowed."""
    monkeypatch.setenv("MNIST_MAX_QUEUED_RUNS", "1")
    settings.cache_clear()
    return store.create(TrainingConfig(), who=OPERATOR)


@pytest.mark.parametrize(
    ("page", "query", "label"),
    [
        ("overview", {}, "Train the classic network"),
        ("training", {}, "Start training"),
        ("draw", {}, "Train one in seconds"),
        ("keras_comparison", {}, "Train the pair"),
        ("backpropagation", {"lesson": "Learning rate far too large"}, "Train it, and watch it fail"),
    ],
)
def test_a_run_too_many_is_refused_in_words_on_every_page(show_page, store, no_room, page, query, label):
    app = show_page(page, **query)
    next(button for button in app.button if button.label == label).click().run()
    assert [error.value for error in app.error if error.value.startswith(FULL)]
    assert [run.id for run in store.list_runs(who=OPERATOR)] == [no_room.id]
    app.run()
    assert not [error.value for error in app.error if error.value.startswith(FULL)]  # said once


def test_a_repeat_too_many_is_refused_on_the_card_of_the_run(show_page, store, make_run, no_room):
    run = make_run("finished", epochs=1)
    app = show_page("runs", runs=run.id)
    next(button for button in app.button if button.label == "Run again").click().run()
    assert app.error[0].value.startswith(FULL)
    assert len(store.list_runs(who=OPERATOR)) == 2


def test_a_button_for_a_run_deleted_meanwhile_says_so(show_page, make_run, store):
    run = make_run("paused", epochs=1)
    app = show_page("training", run=run.id)
    store.delete(run.id, who=OPERATOR)
    next(button for button in app.button if button.label == "Resume").click().run()
    assert not app.exception
    assert f"There is no run {run.id!r}" in "\n".join(
        [*(error.value for error in app.error), *(warning.value for warning in app.warning)]
    )
