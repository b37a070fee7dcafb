"""The Runs page: the list, a run's card in every state, comparison, order, and repeats."""

import pytest

from mnist_core.runs import OPERATOR
from mnist_core.runs.who import ANYBODY
from mnist_core.training import TrainingConfig
from tests.app.conftest import ME

SMALL = TrainingConfig(hidden_units=(4,), train_size=50, epochs=20)


def text(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.code))


def table(app, column):
    """Return the table that has a column of that name, by that column."""
    return next(frame.value for frame in app.dataframe if column in frame.value.columns).set_index(column)


def test_without_a_run_it_says_what_to_do(show_page):
    app = show_page("runs")
    assert (
        app.info[0].value == "Nothing has been trained yet. Start a run on the Training page; it will be listed here."
    )
    assert len(app.dataframe) == 0


def test_all_runs_are_listed_with_their_results(show_page, make_run):
    make_run("finished", 20, name="done", test_accuracy=0.9712, train_s=12.5)
    make_run("running", 5, name="going")
    make_run("failed", 1, name="broken", error="No memory.")
    app = show_page("runs")
    runs = table(app, "Name")
    assert runs["Status"].to_dict() == {"broken": "failed", "going": "running", "done": "finished"}
    assert runs.loc["done", "Test %"] == pytest.approx(97.12)
    assert runs.loc["done", "Time s"] == 12.5
    assert runs.loc["going", "Epochs done"] == 5
    assert "at the left edge of the table" in text(app)


def test_a_search_finds_by_name_notes_and_status(show_page, make_run):
    make_run("finished", name="calm-otter-17", notes="for the lecture")
    make_run("failed", name="brave-fox-20")
    app = show_page("runs")
    app.text_input(key="find").input("lecture otter").run()
    assert list(table(app, "Name").index) == ["calm-otter-17"]
    app.text_input(key="find").input("failed").run()
    assert list(table(app, "Name").index) == ["brave-fox-20"]


def test_a_finished_run_has_a_card(show_page, make_run):
    run = make_run(
        "finished",
        20,
        name="done",
        notes="A note.",
        test_accuracy=0.9712,
        weights_sha256="ab" * 32,
        dataset_name="MNIST",
        dataset_fingerprint="cd" * 32,
        versions={"numpy": "2.4.6"},
        threads=2,
    )
    app = show_page("runs", runs=run.id)
    assert "### done :green-badge[finished]" in text(app)
    assert "A note." in [shown.value for shown in app.text]
    assert "ab" * 32 in text(app)
    assert {metric.label: metric.value for metric in app.metric}["Test accuracy"] == "97.12 %"
    made_of = table(app, "Fact")["Value"]
    assert made_of["Data fingerprint"] == "cd" * 32
    assert made_of["numpy version"] == "2.4.6"
    assert made_of["Threads"] == "2"
    assert table(app, "Setting").loc["Hidden units"].tolist() == ["4", "128-64"]
    assert "No other run has the same recipe" in text(app)


def test_a_running_and_a_failed_run_have_cards_too(show_page, make_run):
    running = make_run("running", 3)
    failed = make_run("failed", 1, error="No memory was left.", traceback="MemoryError: at line 3")
    app = show_page("runs", runs=running.id)
    assert "blue-badge[running]" in text(app)
    assert "no final weights" in text(app)
    app = show_page("runs", runs=failed.id)
    assert "red-badge[failed]" in text(app)
    assert app.error[0].value == "No memory was left."
    assert "MemoryError: at line 3" in text(app)


def test_several_runs_are_compared_by_what_differs(show_page, make_run):
    first = make_run("finished", 3, name="slow")
    second = make_run("finished", 3, SMALL.model_copy(update={"learning_rate": 0.5}), name="quick")
    app = show_page("runs", runs=f"{first.id} {second.id}")
    assert app.subheader[0].value == "2 runs compared"
    differing = table(app, "Setting")
    assert differing.index.tolist() == ["Learning rate"]
    assert differing.loc["Learning rate"].to_dict() == {"slow": "0.1", "quick": "0.5"}


def test_a_run_is_renamed_and_annotated(show_page, make_run, store):
    run = make_run("finished", 1, name="before")
    app = show_page("runs", runs=run.id)
    app.text_input(key=f"name {run.id}").input("after")
    app.text_area(key=f"notes {run.id}").input("Seen in class.")
    next(button for button in app.button if button.label == "Save").click().run()
    assert (store.get(run.id, who=OPERATOR).name, store.get(run.id, who=OPERATOR).notes) == ("after", "Seen in class.")
    assert list(table(app, "Name").index) == ["after"]
    app.text_input(key=f"name {run.id}").input("  ")
    next(button for button in app.button if button.label == "Save").click().run()
    assert app.error[0].value == "The name is empty. Type at least one letter."
    assert store.get(run.id, who=OPERATOR).name == "after"


def test_a_run_is_deleted_after_a_confirmation(show_page, make_run, store):
    kept, run = make_run("finished", 1, name="kept"), make_run("finished", 1, name="unwanted")
    app = show_page("runs", runs=run.id)
    assert "Delete **unwanted** with its curves and network? It stays in the trash for 7 days." in text(app)
    next(button for button in app.button if button.label == "Move to the trash").click().run()
    assert [left.id for left in store.list_runs(who=OPERATOR)] == [kept.id]
    assert list(table(app, "Name").index) == ["kept"]
    assert not app.warning
    assert "runs" not in app.query_params


def test_run_again_queues_the_same_recipe(show_page, make_run, store):
    run = make_run("finished", 1, name="first", weights_sha256="aa")
    app = show_page("runs", runs=run.id)
    next(button for button in app.button if button.label == "Run again").click().run()
    repeat = next(other for other in store.list_runs(who=OPERATOR) if other.id != run.id)
    assert (repeat.name, repeat.status, repeat.config) == ("first again", "queued", run.config)
    assert table(app, "Run").loc["first again", "Weights"] == "not finished yet"
    assert "Once both have finished" in app.info[0].value
    assert "### first " in text(app)


@pytest.mark.parametrize(("weights", "word"), [("aa", "bit-identical"), ("bb", "different")])
def test_a_finished_repeat_says_whether_the_weights_are_the_same(show_page, make_run, weights, word):
    run = make_run("finished", 1, weights_sha256="aa")
    make_run("finished", 1, name="repeat", weights_sha256=weights)
    app = show_page("runs", runs=run.id)
    assert table(app, "Run").loc["repeat", "Weights"] == word
    said = app.success if word == "bit-identical" else app.warning
    assert "weights" in said[0].value


def test_a_link_to_a_deleted_run_is_explained(show_page, make_run):
    make_run("finished", 1)
    app = show_page("runs", runs="no-such-run")
    assert "There is no such run. It may have been deleted." in app.warning[0].value
    assert "at the left edge of the table" in text(app)


def test_a_search_finds_by_setting_and_says_which_setting_there_is_not(show_page, make_run):
    make_run("finished", 1, SMALL.model_copy(update={"optimizer": "adam"}), name="with-adam")
    make_run("finished", 1, name="without")
    app = show_page("runs")
    app.text_input(key="find").input("optimizer:adam").run()
    assert list(table(app, "Name").index) == ["with-adam"]
    app.text_input(key="find").input("optimiser:adam").run()
    assert "There is no setting called “optimiser”." in app.info[0].value
    assert not app.exception


def test_several_runs_are_deleted_at_once(show_page, make_run, store):
    kept, *others = [make_run("finished", 1, name=name) for name in ("kept", "first", "second")]
    app = show_page("runs", runs=" ".join(run.id for run in others))
    assert "Delete 2 runs with their curves and networks?" in text(app)
    next(button for button in app.button if button.label == "Move to the trash").click().run()
    assert [left.id for left in store.list_runs(who=OPERATOR)] == [kept.id]


def test_a_stopped_repeat_will_never_have_final_weights(show_page, make_run):
    run = make_run("finished", 1, weights_sha256="aa")
    make_run("stopped", 1, name="repeat")
    app = show_page("runs", runs=run.id)
    assert table(app, "Run").loc["repeat", "Weights"] == "no final weights"


def test_the_columns_are_chosen(show_page, make_run):
    make_run("finished", 1)
    app = show_page("runs")
    assert "Seed" in app.multiselect(key="columns").value
    app.multiselect(key="columns").set_value(["Name", "Dropout"]).run()
    assert app.dataframe[0].proto.column_order == ["Name", "Dropout"]


def test_a_run_is_pinned_and_the_rule_of_what_goes_first_is_said(show_page, make_run, store):
    run = make_run("finished", 1)
    assert "ended runs older than 30 days are deleted first" in text(show_page("runs"))
    app = show_page("runs", runs=run.id)
    next(button for button in app.button if button.label == "Pin").click().run()
    assert store.get(run.id, who=OPERATOR).pinned
    next(button for button in app.button if button.label == "Unpin").click().run()
    assert not store.get(run.id, who=OPERATOR).pinned


def test_a_finished_run_is_trained_for_longer(show_page, make_run, store):
    run = make_run("finished", 20)
    app = show_page("runs", runs=run.id)
    assert app.number_input(key=f"epochs {run.id}").value == 40
    next(button for button in app.button if button.label == "Continue").click().run()
    assert (store.get(run.id, who=OPERATOR).status, store.get(run.id, who=OPERATOR).config.epochs) == ("queued", 40)


def test_a_run_that_cannot_go_on_says_why(show_page, make_run, store):
    run = make_run("finished", 20, SMALL.model_copy(update={"schedule": "one_cycle"}))
    app = show_page("runs", runs=run.id)
    next(button for button in app.button if button.label == "Continue").click().run()
    assert "Start a new run of 40 epochs instead." in app.error[0].value
    assert store.get(run.id, who=OPERATOR).status == "finished"


def test_a_deleted_run_can_be_restored_from_the_trash(show_page, make_run, store):
    run = make_run("finished", epochs=1)
    store.delete(run.id, who=ME)
    app = show_page("runs")
    assert app.expander[0].label == "Trash (1)"
    app.button(key=f"restore {run.id}").click().run()
    assert [kept.id for kept in store.list_runs(who=ME)] == [run.id]
    assert not app.expander


def test_anothers_run_can_be_looked_at_and_repeated_as_mine_and_nothing_else(show_page, make_run, store):
    run = make_run("finished", epochs=1, owner="another visitor")
    app = show_page("runs", runs=run.id)
    labels = {button.label for button in app.button}
    assert "Run again as mine" in labels
    assert not {"Pin", "Save", "Move to the trash", "Show only to me", "Continue"} & labels
    next(button for button in app.button if button.label == "Run again as mine").click().run()
    (mine,) = [listed for listed in store.list_runs(who=ME) if listed.owner == ME.identity]
    assert mine.config == run.config


def test_a_run_is_hidden_and_shown_again_by_its_owner(show_page, make_run, store):
    run = make_run("finished", epochs=1)
    app = show_page("runs", runs=run.id)
    next(button for button in app.button if button.label == "Show only to me").click().run()
    assert store.list_runs(who=ANYBODY) == ()
    next(button for button in app.button if button.label == "Show to everybody").click().run()
    assert [seen.id for seen in store.list_runs(who=ANYBODY)] == [run.id]


def test_a_link_to_a_run_that_is_hidden_says_no_more_than_that_there_is_none(show_page, make_run):
    run = make_run("finished", epochs=1, owner="another visitor", visibility="owner", name="secret-otter-11")
    for page in ("runs", "training", "evaluation", "draw", "backpropagation"):
        app = show_page(page, **({"runs": run.id} if page == "runs" else {"run": run.id}))
        assert "secret-otter" not in " ".join(
            str(element.value) for element in [*app.markdown, *app.warning, *app.selectbox]
        )
