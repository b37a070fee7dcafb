import gc
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
PAGES = sorted(file.stem for file in (ROOT / "pages").glob("*.py") if file.stem not in ("__init__", "app"))


def test_the_server_file_run_as_a_plain_script_shows_the_app():
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    assert not app.exception
    assert len(app.title) == 1


def test_every_page_has_a_title_and_one_sentence_of_purpose(show_page):
    for name in PAGES:
        app = show_page(name)
        purpose = app.markdown[0].value
        assert len(app.title) == 1, name
        assert purpose.startswith(":gray["), name
        assert purpose.endswith(".]"), name


def test_once_a_page_was_shown_the_collector_leaves_its_modules_alone(show_page):
    show_page("training")
    assert gc.get_freeze_count() > 100_000
