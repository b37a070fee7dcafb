"""The page Administration: what it shows and does, and that it is for administrators alone."""

from pathlib import Path

import pytest

from mnist_core.errors import RightsError
from mnist_core.runs import OPERATOR, Who
from mnist_core.runs.administration import ANNOUNCEMENT
from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.rights import READ_ONLY
from pages.places import PLACES
from pages.shared import resources, visitor
from tests.app.conftest import ME, SMALL

STRANGER = Who("stranger")


@pytest.fixture
def administrator(store, monkeypatch):
    """Make whoever looks at pages an administrator, as the link of the terminal does; return who that is."""
    monkeypatch.setattr(visitor, "_cookie", lambda: "the administrator's cookie")
    identity = visitor.identity_of("the administrator's cookie")
    store.make_administrator(identity, who=OPERATOR)
    visitor.forget_administrators()
    return Who(identity, is_administrator=True)


def test_strangers_are_refused_by_the_page(show_page):
    app = show_page("administration")
    assert "This page is for administrators" in app.error[0].value
    assert not app.tabs
    assert not app.button


@pytest.mark.parametrize(
    "ask",
    [
        lambda store, engine: store.make_administrator("me", who=STRANGER),
        lambda store, engine: store.remove_administrator("x", who=STRANGER),
        lambda store, engine: store.administrators(who=STRANGER),
        lambda store, engine: store.ban("somebody", who=STRANGER),
        lambda store, engine: store.unban("stranger", who=STRANGER),
        lambda store, engine: store.banned(who=STRANGER),
        lambda store, engine: store.switch(ANNOUNCEMENT, "Hello", who=STRANGER),
        lambda store, engine: store.switch(READ_ONLY, "on", who=STRANGER),
        lambda store, engine: store.counts(who=STRANGER),
        lambda store, engine: engine.pause_all(who=STRANGER),
        lambda store, engine: engine.let_go_on(who=STRANGER),
        lambda store, engine: engine.workers(who=STRANGER),
    ],
)
def test_strangers_are_refused_by_every_function_behind_it(ask, store):
    with pytest.raises(RightsError):
        ask(store, resources.engine())
    assert store.banned(who=OPERATOR) == ()
    assert store.administrators(who=OPERATOR) == {}
    assert store.switched(ANNOUNCEMENT) == ""


def test_the_administrator_sees_runs_workers_limits_and_the_log(administrator, show_page, make_run):
    run = make_run("queued")
    app = show_page("administration", view="Runs")
    assert not app.error
    values = {metric.label: metric.value for metric in app.metric}
    assert (values["Waiting"], values["Running"]) == ("1", "0")
    assert [table.value["Run"].tolist() for table in app.dataframe] == [[run.name], [run.name]]
    limits = show_page("administration", view="Server").dataframe[-1].value
    assert "MNIST_MAX_EPOCHS" in limits["Variable"].tolist()
    log = show_page("administration", view="Log").dataframe[0].value
    assert (log["What"].tolist(), log["Details"].tolist()[0]) == (["submit", "make administrator"], run.name)


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def test_pause_all_pauses_what_waits_and_holds_back_tasks_until_work_may_go_on(
    administrator, show_page, make_run, store
):
    run, ended = store.create(SMALL, who=ME), make_run("finished")
    resources.engine().start_task("robustness", ended.id, who=STRANGER)
    queue = WorkQueue(store)
    assert [waiting.kind for waiting in queue.waiting()] == ["task", "run"]
    app = press(show_page("administration", view="Runs"), "Pause all")
    assert store.get(run.id, who=OPERATOR).status == "paused"
    assert "All work is paused" in app.warning[-1].value
    assert show_page("evaluation").warning[0].value.startswith("The administrator has paused all work")
    resources.engine().resume(run.id, who=ME)
    assert queue.waiting() == []
    app = press(app, "Let work go on")
    assert [waiting.kind for waiting in queue.waiting()] == ["task", "run"]
    assert not app.warning


def test_who_is_banned_may_look_and_is_let_back_in(administrator, show_page, store):
    store.ban("3f2a", "floods the queue", who=administrator)
    app = show_page("administration")
    assert any("3f2a since" in text.value and "floods the queue" in text.value for text in app.text)
    app.button(key="unban 3f2a").click().run()
    assert store.banned(who=OPERATOR) == ()


def test_an_administrator_cannot_be_banned(administrator, store):
    with pytest.raises(RightsError, match="administrator"):
        store.ban(administrator.identity, who=OPERATOR)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.folder)
def test_an_announcement_is_plain_text_on_every_page(place, show_page, store):
    store.switch(ANNOUNCEMENT, "Back at 9 **sharp** ![x](https://evil.example/x.png)", who=OPERATOR)
    app = show_page(place.folder)
    assert app.info[0].value.startswith(r"Back at 9 \*\*sharp\*\* !\[x\]")


def test_read_only_is_said_in_words_and_refused_by_the_engine(administrator, show_page, store, monkeypatch):
    app = show_page("administration", view="For everybody")
    app.toggle(key="read_only").set_value(True).run()
    assert store.switched(READ_ONLY) == "on"
    monkeypatch.setattr(visitor, "_cookie", lambda: "somebody else's")
    visitor.forget_administrators()
    app = show_page("training")
    assert app.warning[0].value.startswith("The server is read-only for now")
    next(button for button in app.button if button.label == "Start training").click().run()
    assert "read-only" in app.error[0].value
    assert store.list_runs(who=OPERATOR) == ()


def test_the_trash_is_emptied_for_good(administrator, show_page, make_run, store):
    run = make_run("finished")
    store.delete(run.id, who=administrator)
    app = show_page("administration", view="Server")
    app.button(key="empty trash").click().run()
    assert store.trash(who=OPERATOR) == ()


def test_no_secret_of_the_settings_is_shown(administrator, show_page, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("MNIST_ADMIN_TOKEN", "correct horse battery")
    app = show_page("administration", view="Server")
    assert "correct horse battery" not in "".join(str(table.value) for table in (*app.dataframe, *app.table))
