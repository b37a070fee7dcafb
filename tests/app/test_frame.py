import gc
import os
import subprocess
import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.places import ADMINISTRATION, OVERVIEW, PLACES
from pages.server import settling
from pages.shared.page import in_words

ROOT = Path(__file__).parents[2]


def test_the_server_file_run_as_a_plain_script_shows_the_app():
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    assert not app.exception
    assert len(app.title) == 1


def test_every_page_has_a_title_and_one_sentence_of_purpose(show_page):
    for place in map(in_words, PLACES):
        app = show_page(place.folder)
        assert [title.value for title in app.title] == [
            "MNIST from scratch" if place.folder == OVERVIEW.folder else place.title
        ]
        assert app.markdown[0].value == f":gray[{place.sentence}]"


def test_every_package_of_pages_is_a_place_or_serves_all():
    folders = {file.parent.name for file in (ROOT / "pages").glob("*/__init__.py")}
    assert folders == {place.folder for place in (*PLACES, ADMINISTRATION)} | {"shared", "server"}


def test_once_a_page_was_shown_the_collector_leaves_its_modules_alone(show_page):
    gc.unfreeze()  # what earlier tests left
    settling._settled.clear()
    before = gc.get_freeze_count()
    show_page("training")
    assert gc.get_freeze_count() - before > 100_000
    gc.unfreeze()
    show_page("training")
    assert gc.get_freeze_count() < 100_000  # the second time, nothing is collected or frozen again


def test_data_that_cannot_be_read_are_named_in_words_on_the_page(user_dir, tmp_path):
    show = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("pages/app.py", default_timeout=60).run()
print(len(app.exception), app.error[0].value)
"""
    variables = os.environ | {"MNIST_DATA_DIR": str(tmp_path)}
    shown = subprocess.run(
        [sys.executable, "-c", show], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False
    )
    assert shown.stdout.startswith(f"0 {tmp_path}/train-images-idx3-ubyte: expected this file"), shown.stderr[-2000:]
