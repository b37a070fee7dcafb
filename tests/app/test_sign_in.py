"""Who has signed in, by what a provider says."""

import pytest

from mnist_core.settings import settings
from pages.shared.sign_in import Person, person

CLAIMS = {"is_logged_in": True, "iss": "https://login.example", "sub": "42"}


def test_a_person_is_known_by_provider_and_subject_and_by_nothing_else():
    first = person(CLAIMS | {"name": "Ada", "email": "ada@example.org"})
    assert person(CLAIMS | {"name": "Ada King", "email": "king@example.org"}).identity == first.identity
    assert person(CLAIMS | {"iss": "https://other.example"}).identity != first.identity
    assert person(CLAIMS | {"sub": "43"}).identity != first.identity
    assert "42" not in first.identity


@pytest.mark.parametrize("missing", ["is_logged_in", "iss", "sub"])
def test_without_all_three_nobody_has_signed_in(missing):
    assert person({name: value for name, value in CLAIMS.items() if name != missing}) is None


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Ada  Lovelace", "email": "al@example.org"}, "Ada Lovelace"),
        ({"preferred_username": "ada.l"}, "ada.l"),
        ({"name": "ada.l@example.org"}, "ada.l"),
        ({"email": "ada.l@example.org"}, "ada.l"),
        ({"name": "x" * 100}, "x" * 40),
        ({"name": 7, "email": None}, "Somebody"),
    ],
)
def test_others_see_a_name_and_never_a_whole_address(claims, name):
    assert person(CLAIMS | claims).name == name


@pytest.mark.parametrize("verified", [False, "true", None])
def test_an_address_counts_only_if_the_provider_has_verified_it(verified):
    claims = CLAIMS | {"email": "Ada@Example.org"}
    assert person(claims | {"email_verified": verified}).address == ""
    assert person(claims | {"email_verified": True}).address == "ada@example.org"
    assert isinstance(person(claims), Person)


def test_where_sign_in_is_required_nothing_else_is_shown(show_page, monkeypatch):
    monkeypatch.setenv("MNIST_SIGN_IN", "required")
    settings.cache_clear()
    app = show_page("training")
    assert [title.value for title in app.title] == ["MNIST from scratch"]
    assert app.button == []
    assert "no sign-in has been set up" in app.error[0].value
