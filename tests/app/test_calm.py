"""What a visitor reads when something fails: a calm sentence, and never a part of the program."""

import re

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from mnist_core.errors import StoreUnavailableError
from pages.places import PLACES
from pages.shared import calm, resources


def shown_with(show_page, place, **replaced):
    """Return a page while functions of `resources` are replaced."""
    with pytest.MonkeyPatch.context() as patch:
        for name, function in replaced.items():
            patch.setattr(resources, name, function)
        return show_page(place.folder)


def broken():
    raise ZeroDivisionError("the password is in /etc/secret")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.folder)
def test_the_last_resort_of_a_page_is_a_sentence_with_a_number_that_the_log_has(place, show_page, caplog):
    app = shown_with(show_page, place, dataset=broken, store=broken)
    shown = app.error[0].value
    number = re.search(r"number ([0-9A-F]{6})\.", shown)[1]
    assert "password" not in shown
    assert f"Incident {number}" in caplog.text
    assert "ZeroDivisionError: the password" in caplog.text


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.folder)
def test_a_store_that_is_away_is_said_in_its_own_words(place, show_page):
    def away():
        raise StoreUnavailableError("The run store is away. It comes back by itself.")

    app = shown_with(show_page, place, store=away, engine=away)
    for error in app.error:
        assert error.value == "The run store is away. It comes back by itself."
    assert app.error or place.folder == "dataset"


def test_streamlit_itself_shows_no_details():
    assert st.get_option("client.showErrorDetails") == "none"


def test_a_fragment_is_calm_too(caplog):
    def script():
        from pages.shared.calm import fragment  # noqa: PLC0415 - a script of its own

        def part():
            raise ZeroDivisionError("secret")

        fragment(part)()

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert "Something went wrong here" in app.error[0].value
    assert "secret" in caplog.text


def test_interruptions_of_streamlit_pass():
    with pytest.raises(StopException), calm.calmly():
        raise StopException
