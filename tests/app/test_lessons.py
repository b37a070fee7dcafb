"""The four lessons of the Backpropagation page."""

import pytest

from mnist_core.lessons.catalogue import LESSONS
from mnist_core.runs import OPERATOR


def text(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption))


@pytest.mark.parametrize("key", LESSONS)
def test_each_lesson_is_one_click(show_page, key):
    lesson = LESSONS[key]
    app = show_page("backpropagation")
    app.pills(key="lesson").set_value(key).run()
    assert f"**{lesson.watch}**" in text(app)
    assert lesson.why in text(app)
    assert "**The lesson's 784-" in text(app)
    assert app.select_slider(key="rate").value == (10 if key == "rate" else 0.1)
    app.pills(key="lesson").set_value(None).run()
    assert "**A fresh 784-128-64-10" in text(app)
    assert app.select_slider(key="rate").value == 0.1


def test_with_zeros_the_page_says_that_gradients_are_exactly_0(show_page):
    app = show_page("backpropagation", lesson="All weights zero", step="14")
    assert [caption.value for caption in app.caption].count("All of them are exactly 0.") == 2


def test_a_lesson_starts_its_run_and_shows_it(show_page, store):
    app = show_page("backpropagation", lesson="Dead ReLU units")
    next(button for button in app.button if button.label.startswith("Train it")).click().run()
    (run,) = store.list_runs(who=OPERATOR)
    assert run.config == LESSONS["dead"].config
    assert app.title[0].value == "Training"
