"""The log: a line of JSON for each event, and nothing secret in any of them."""

import json
import logging
import secrets

import pytest

from mnist_core.settings import settings
from pages.server.logs import JsonLines


@pytest.fixture
def line(monkeypatch):
    """Return a function that gives what the log says of an event."""

    def say(message, *arguments, error=None, **known):
        record = logging.LogRecord("pages.test", logging.WARNING, "", 0, message, arguments, None)
        record.exc_info = (type(error), error, error.__traceback__) if error else None
        record.__dict__.update(known)
        text = JsonLines().format(record)
        assert "\n" not in text
        return json.loads(text)

    monkeypatch.setenv("MNIST_ADMIN_TOKEN", "correct horse battery")
    settings.cache_clear()
    return say


def test_an_event_is_one_line_with_what_is_known_of_it(line):
    said = line("Shown: %s", "Runs", who="3f", duration_s=0.25, incident=None)
    assert (said["level"], said["logger"], said["message"]) == ("warning", "pages.test", "Shown: Runs")
    assert (said["who"], said["duration_s"]) == ("3f", 0.25)
    assert said["at"].endswith("+00:00")
    assert "incident" not in said


def test_a_failure_brings_its_traceback_in_the_same_line(line):
    try:
        raise ZeroDivisionError("two\nlines")
    except ZeroDivisionError as error:
        said = line("Incident %s", "3FA2B1", error=error, incident="3FA2B1")
    assert said["incident"] == "3FA2B1"
    assert "test_logs.py" in said["traceback"]
    assert said["traceback"].endswith("ZeroDivisionError: two\nlines")


@pytest.mark.parametrize(
    "secret",
    ["correct horse battery", secrets.token_urlsafe(32), "2|1:0|10:1795575236|15:_streamlit_user|44:aaaabbbb|ccccdddd"],
    ids=["words", "a token", "a signed cookie"],  # a random name would differ between the processes of pytest-xdist
)
def test_no_secret_and_no_cookie_gets_into_it(line, secret):
    try:
        raise ValueError(f"cookie={secret}")
    except ValueError as error:
        said = line("Refused %s, once", secret, error=error, who=secret)
    assert secret not in json.dumps(said)
    assert said["message"] == "Refused [hidden], once"


def test_passwords_of_addresses_are_hidden_and_the_rest_stays(line):
    said = line("postgresql+psycopg://mnist:hunter2@db.example/mnist is away")
    assert said["message"] == "postgresql+psycopg://mnist:[hidden]@db.example/mnist is away"
