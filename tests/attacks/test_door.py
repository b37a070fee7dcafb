"""What programs without a browser try at doors that are shut to them: sign-in where it is required, Administration."""

import json
from pathlib import Path

import httpx2
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.rights import READ_ONLY
from pages.shared.visitor import COOKIE
from tests.attacks.visitor import Visitor, in_a_loop, visiting
from tests.browser.server import Server, running_server

TOKEN = "correct horse battery staple"


@pytest.fixture(scope="module")
def open_server(tmp_path_factory):
    """A server that everybody may use."""
    with running_server(tmp_path_factory.mktemp("open"), MNIST_ADMIN_TOKEN=TOKEN) as running:
        yield running


@pytest.fixture(scope="module")
def shut_server(tmp_path_factory):
    """A server that is for those who have signed in."""
    with running_server(tmp_path_factory.mktemp("shut"), MNIST_SIGN_IN="required") as running:
        yield running


def store_of(server: Server) -> RunStore:
    return RunStore(f"sqlite:///{server.user_dir / 'runs.sqlite3'}")


async def administrator_cookie(server: Server) -> str:
    """Follow the administrator's link as a browser does; return the cookie by which it is known."""
    async with httpx2.AsyncClient() as browser:
        link = f"{server.url}/become-administrator"
        answer = await browser.get(link, params={"token": TOKEN}, headers={"accept": "text/html"})
        assert answer.status_code == 303
        return f"{COOKIE}={browser.cookies[COOKIE]}"


def button_id(visitor: Visitor, label: str) -> str:
    return next(element.button.id for element in visitor.elements("button") if element.button.label == label)


def test_without_sign_in_nothing_is_shown_and_a_known_button_does_nothing(open_server, shut_server):
    async def attack() -> None:
        async with visiting(open_server.url) as visitor:
            await visitor.open("training")
            start = button_id(visitor, "Start training")
        async with visiting(shut_server.url) as visitor:
            await visitor.open("training")
            assert visitor.buttons() == set()
            assert "This server is for people who have signed in" in visitor.text()
            assert "Choose a recipe" not in visitor.text()
            await visitor.claim(WidgetState(id=start, trigger_value=True))
            assert visitor.buttons() == set()
            assert visitor.problems == []

    in_a_loop(attack())
    assert store_of(shut_server).list_runs(who=OPERATOR) == ()


async def start_a_run(server: Server) -> None:
    async with visiting(server.url) as visitor:
        await visitor.open("training")
        await visitor.press("Start training")


def test_the_same_button_starts_a_run_where_the_door_is_open(open_server):
    before = len(store_of(open_server).list_runs(who=OPERATOR))
    in_a_loop(start_a_run(open_server))
    assert len(store_of(open_server).list_runs(who=OPERATOR)) == before + 1


def test_a_stranger_who_knows_the_administrators_widgets_changes_nothing(open_server):
    async def attack() -> None:
        cookie = await administrator_cookie(open_server)
        async with visiting(open_server.url, {"cookie": cookie}) as administrator:
            await administrator.open("administration", "view=For%20everybody")
            toggle = next(element.checkbox.id for element in administrator.elements("checkbox"))
        async with visiting(open_server.url) as stranger:
            await stranger.open("administration", "view=For%20everybody")
            assert "This page is for administrators" in stranger.text()
            await stranger.claim(WidgetState(id=toggle, bool_value=True))
            assert store_of(open_server).switched(READ_ONLY) == ""
        async with visiting(open_server.url, {"cookie": cookie}) as administrator:
            await administrator.open("administration", "view=For%20everybody")
            await administrator.claim(WidgetState(id=toggle, bool_value=True))
            assert store_of(open_server).switched(READ_ONLY) == "on"
            await administrator.claim(WidgetState(id=toggle, bool_value=False))
            assert store_of(open_server).switched(READ_ONLY) == ""

    in_a_loop(attack())


def test_the_log_says_who_asked_for_what_and_holds_no_secret_and_no_cookie(open_server):
    in_a_loop(start_a_run(open_server))
    cookie = in_a_loop(administrator_cookie(open_server)).partition("=")[2]
    said = Path(open_server.user_dir / "server.log").read_text()
    assert "become-administrator?token=<MNIST_ADMIN_TOKEN>" in said
    assert TOKEN not in said
    assert cookie not in said
    asked = next(json.loads(line) for line in said.splitlines() if '"Asked: submit"' in line)
    assert (asked["page"], asked["outcome"], len(asked["who"])) == ("Training", "done", 8)
    assert asked["duration_s"] >= 0
