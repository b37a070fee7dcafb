"""What a person typed as a run's name or notes is shown to everybody, and means nothing to any page or chart."""

import json

import pytest

from pages.places import PLACES
from tests.app.conftest import make_run, show_page, store, user_dir  # noqa: F401 - fixtures

PAYLOAD = "![a](http://evil.example/1.png) [b](http://evil.example) <b>c</b> :red[d]"
MARKDOWN = ("markdown", "caption", "error", "warning", "info", "success", "toast", "title", "header", "subheader")


@pytest.mark.parametrize("folder", [place.folder for place in PLACES])
def test_names_and_notes_are_plain_text_on_every_page(folder, show_page, make_run):  # noqa: F811
    run = make_run("finished", epochs=3, test_accuracy=0.9, name=PAYLOAD, notes=PAYLOAD)
    second = make_run("finished", epochs=3, test_accuracy=0.8, name=PAYLOAD, notes=PAYLOAD)
    app = show_page(folder, run=run.id, runs=run.id, other=second.id, compare=second.id)
    texts = [element.value for kind in MARKDOWN for element in getattr(app, kind)]
    texts += [element.label for kind in ("metric", "button", "expander", "tabs") for element in getattr(app, kind)]
    for shown in texts:
        assert "](http://" not in shown
        assert "<b>c" not in shown.replace(r"\<b", "")
        assert ":red[d" not in shown
    charts = json.dumps([element.proto.spec for element in app.get("plotly_chart")])
    assert "<b>c" not in charts


def test_the_page_of_runs_shows_them_as_they_were_typed(show_page, make_run):  # noqa: F811
    run = make_run("finished", epochs=3, test_accuracy=0.9, name="[b](c)", notes="one *two*\nthree")
    app = show_page("runs", runs=run.id)
    assert "one *two*\nthree" in [text.value for text in app.text]
    assert any(r"\[b\](c)" in heading.value for heading in app.markdown)
