"""Page tests: the real frame and pages in Streamlit's own test runner, on a store in a folder of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_core.settings import settings

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 60


@pytest.fixture(autouse=True)
def user_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the test a user folder of its own, through the variable that an operator would set."""
    monkeypatch.setenv("MNIST_USER_DIR", str(tmp_path))
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    settings.cache_clear()
    st.cache_resource.clear()
    st.cache_data.clear()


ShowPage = Callable[..., AppTest]


@pytest.fixture
def show_page() -> ShowPage:
    """Show a page inside the frame: `show_page("training", run="...")`, the keywords being the query string."""

    def show(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=TIMEOUT_S).run()
        app.switch_page(f"{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return show
