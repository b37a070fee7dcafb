"""The link of the terminal, what the terminal says beside it, and figures for Prometheus."""

import re

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mnist_core.errors import RightsError
from mnist_core.runs import OPERATOR, Who
from mnist_core.settings import Settings, settings
from pages.server import administrator_link, metrics
from pages.server.administrator_link import PATH, token
from pages.server.middleware import MIDDLEWARE
from pages.server.welcome import lines
from pages.shared.visitor import COOKIE, identity_of
from tests.app.conftest import SMALL

HTML = {"accept": "text/html"}


@pytest.fixture(autouse=True)
def new_token():
    token.cache_clear()
    yield
    token.cache_clear()


def browser():
    routes = [*administrator_link.ROUTES, *metrics.ROUTES]
    return TestClient(Starlette(routes=routes, middleware=list(MIDDLEWARE)), follow_redirects=False)


def test_the_link_makes_a_browser_the_administrators_and_leads_away_from_the_token(store):
    visitor = browser()
    answer = visitor.get(PATH, params={"token": token()}, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "administration")
    assert answer.headers["cache-control"] == "no-store"
    identity = identity_of(visitor.cookies[COOKIE])
    assert store.is_administrator(identity)
    visitor.get(PATH, params={"token": token()}, headers=HTML)
    assert [*store.administrators(who=OPERATOR)] == [identity]


@pytest.mark.parametrize("given", ["", "x" * 43, "é", "\N{FULLWIDTH DIGIT ONE}" * 43])
def test_any_other_token_is_refused(given, store):
    answer = browser().get(PATH, params={"token": given}, headers=HTML)
    assert answer.status_code == 403
    assert browser().get(PATH, headers=HTML).status_code == 403
    assert store.administrators(who=OPERATOR) == {}


def test_a_program_without_cookies_does_not_become_one(store):
    answer = browser().get(PATH, params={"token": token()}, headers={"accept": "*/*"})
    assert answer.status_code == 400
    assert store.administrators(who=OPERATOR) == {}


def test_a_token_is_random_and_long_or_what_the_operator_chose(monkeypatch):
    first = token()
    token.cache_clear()
    assert token() != first
    assert len(token()) == 43
    monkeypatch.setenv("MNIST_ADMIN_TOKEN", "correct horse battery")
    settings.cache_clear()
    token.cache_clear()
    assert token() == "correct horse battery"


@pytest.fixture
def address():
    before = st.get_option("server.address")
    yield lambda value: st.config.set_option("server.address", value)
    st.config.set_option("server.address", before)


def test_the_terminal_says_who_can_reach_the_server(address):
    address("127.0.0.1")
    assert lines(Settings())[0] == "Reach: this machine alone can open the app."
    address(None)
    assert lines(Settings())[0].startswith("Reach: everybody who can reach any address of this machine can open")
    address("192.0.2.7")
    assert lines(Settings())[0].startswith("Reach: everybody who can reach 192.0.2.7 can open")
    assert "http://192.0.2.7:" in lines(Settings())[1]


def test_the_terminal_shows_a_random_token_and_no_chosen_one():
    assert re.search(rf"http://localhost:\d+{PATH}\?token={token()}$", lines(Settings())[1])
    chosen = lines(Settings(admin_token="correct horse battery"))[1]
    assert chosen.endswith("?token=<MNIST_ADMIN_TOKEN>")


def test_the_terminal_says_what_the_open_internet_asks_for():
    said = lines(Settings())[2]
    assert "https" in said
    assert "sign-in" in said
    assert "https" not in lines(Settings(trusted_proxies="127.0.0.1"))[2]


def test_figures_for_prometheus_are_for_who_has_the_token(store, make_run, monkeypatch):
    make_run("queued")
    make_run("finished")
    make_run("finished")
    store.delete(make_run("failed").id, who=OPERATOR)
    assert browser().get("/metrics").status_code == 404
    monkeypatch.setenv("MNIST_METRICS_TOKEN", "another long secret")
    settings.cache_clear()
    answer = browser().get("/metrics", headers={"authorization": "Bearer another long secret"})
    figures = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert figures['mnist_runs{status="queued"}'] == "1"
    assert figures['mnist_runs{status="finished"}'] == "2"
    assert figures['mnist_runs{status="failed"}'] == "0"
    assert figures["mnist_sessions"].isdecimal()  # other tests of this process have sessions too
    assert int(figures["mnist_store_bytes"]) == store.database.size_bytes()


def test_where_sign_in_is_required_the_store_refuses_who_has_not(store, monkeypatch):
    monkeypatch.setenv("MNIST_SIGN_IN", "required")
    settings.cache_clear()
    with pytest.raises(RightsError, match="signed in"):
        store.create(SMALL, who=Who("browser"))
    assert store.list_runs(who=OPERATOR) == ()
    assert store.create(SMALL, who=Who("ada", is_signed_in=True)).owner == "ada"
