"""The Playground page: a try at once, a try for each move, what it came to in words, and ways on."""

from datetime import UTC, datetime

import pytest

from mnist_core.runs import OPERATOR
from mnist_core.runs.tries import state_of
from mnist_core.settings import settings
from mnist_core.training import Checkpoint, TrainingConfig, train
from mnist_core.training.fair import HELD_OUT
from pages.playground.settings import FIELDS
from pages.playground.tries import FIRST
from pages.shared import resources
from tests.app.conftest import epoch_result

SHOWN = "playground.try"


def text(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info))


@pytest.fixture
def end(store):
    """End the try that a page shows as a worker would: `end(app, 0.91)`; without an accuracy it diverged."""

    def end_try(app, accuracy: float | None) -> str:
        try_id = app.session_state[SHOWN]
        config = store.get(try_id, who=OPERATOR).config
        network = train(config, resources.dataset()).network
        store.append_epochs(try_id, [epoch_result(epoch, config) for epoch in range(2)])
        store.save_checkpoint(try_id, Checkpoint(2, network.parameters.copy()))
        status = "diverged" if accuracy is None else "finished"
        store.update(try_id, status=status, validation_accuracy=accuracy, finished_at_utc=datetime.now(UTC))
        app.run()
        assert not app.exception
        return try_id

    return end_try


def move(app, field: str, value):
    app.select_slider(key=f"playground.{field}").set_value(value).run()
    assert not app.exception
    return app


def test_on_entry_a_first_try_runs_by_itself_and_the_link_names_it(show_page, store):
    app = show_page("playground")
    run = store.get(app.session_state[SHOWN], who=OPERATOR)
    assert (run.purpose, run.status, run.config) == ("try", "queued", FIRST)
    assert run.config.validation_size == HELD_OUT
    assert app.query_params["try"] == run.id
    assert "As soon as the try has ended" in text(app)
    assert all(button.disabled for button in app.button if button.label in {"Keep as a run", "Pin this try"})
    assert store.list_runs(who=OPERATOR) == ()


def test_every_setting_has_a_sentence_of_its_own(show_page):
    app = show_page("playground")
    captions = [caption.value for caption in app.caption]
    assert len(FIELDS) == 10
    for field in FIELDS:
        assert TrainingConfig.model_fields[field].description in captions


def test_each_move_is_a_try_and_the_newest_wins(show_page, store):
    app = show_page("playground")
    first = app.session_state[SHOWN]
    move(app, "learning_rate", 0.3)
    second = app.session_state[SHOWN]
    assert state_of(store.get(first, who=OPERATOR)) == "replaced"
    assert store.get(second, who=OPERATOR).config == FIRST.model_copy(update={"learning_rate": 0.3})
    app.selectbox(key="playground.optimizer").set_value("adam").run()
    third = store.get(app.session_state[SHOWN], who=OPERATOR).config
    assert (third.optimizer, third.learning_rate, third.momentum) == ("adam", 0.3, 0)
    next(button for button in app.button if button.label.startswith("Use learning rate 0.001")).click().run()
    assert store.get(app.session_state[SHOWN], who=OPERATOR).config.learning_rate == 0.001
    app.selectbox(key="playground.optimizer").set_value("nesterov").run()
    assert store.get(app.session_state[SHOWN], who=OPERATOR).config.momentum == 0.9


def test_layers_come_and_go(show_page, store):
    app = show_page("playground")

    def units():
        return store.get(app.session_state[SHOWN], who=OPERATOR).config.hidden_units

    app.button(key="more layers").click().run()
    assert units() == (64, 64)
    move(app, "hidden_units 1", 16)
    assert units() == (64, 16)
    for _ in range(2):
        app.button(key="fewer layers").click().run()
    assert units() == ()
    assert app.button(key="fewer layers").disabled
    assert "0 hidden layers" in text(app)


def test_a_finished_try_is_put_into_words_and_compared_with_the_one_before(show_page, end):
    app = show_page("playground")
    end(app, 0.80)
    assert "It reads 80.0 % of images that are new to it." in text(app)
    move(app, "learning_rate", 0.1)
    end(app, 0.92)
    assert "+12.00 points compared with the previous try." in text(app)
    move(app, "learning_rate", 10.0)
    end(app, None)
    assert "far too large" in text(app)
    assert "learning rate 0.1 reads most" in text(app)


def test_three_first_weights_show_what_chance_does(show_page, store, end):
    app = show_page("playground")
    for accuracy in (0.90, 0.92, 0.91):
        end(app, accuracy)
        next(button for button in app.button if button.label == "New first weights").click().run()
    assert store.get(app.session_state[SHOWN], who=OPERATOR).config.seed == 3
    end(app, 0.915)
    assert "no more than chance" in text(app)
    assert "4 tries of this setting with other first weights lie between 90.00 % and 92.00 %" in text(app)


def test_a_link_shows_the_same_try_to_somebody_else(show_page, end, store):
    app = show_page("playground")
    move(app, "learning_rate", 0.1)
    try_id = end(app, 0.91)
    other = show_page("playground", **{"try": try_id})
    assert other.session_state[SHOWN] == try_id
    assert other.select_slider(key="playground.learning_rate").value == 0.1
    assert "It reads 91.0 %" in text(other)
    assert store.get(try_id, who=OPERATOR).status == "finished"


def test_a_link_to_a_try_that_is_gone_says_so_and_tries_anew(show_page, store):
    app = show_page("playground", **{"try": "nowhere"})
    assert "This try no longer exists" in app.warning[0].value
    assert store.get(app.session_state[SHOWN], who=OPERATOR).config == FIRST
    assert app.query_params["try"] == app.session_state[SHOWN]


def test_two_pinned_tries_are_compared_by_what_differs(show_page, end):
    app = show_page("playground")

    def pin():
        next(button for button in app.button if button.label == "Pin this try").click().run()

    first = end(app, 0.80)
    pin()
    assert "One try is pinned (80.00 %)" in text(app)
    move(app, "dropout", 0.5)
    second = end(app, 0.92)
    pin()
    table = next(element.value for element in app.markdown if "First pinned" in element.value)
    assert table.splitlines()[2:] == ["| Dropout | 0 | 0.5 |", "| **Held-out accuracy** | **80.00 %** | **92.00 %** |"]
    assert "+12.00 points compared with the first" in text(app)
    assert app.query_params["pins"] == f"{first}.{second}"


def test_a_try_is_kept_as_a_run_of_the_same_recipe(show_page, end, store):
    app = show_page("playground")
    end(app, 0.80)
    next(button for button in app.button if button.label == "Keep as a run").click().run()
    assert not app.exception
    (run,) = store.list_runs(who=OPERATOR)
    assert run.config == FIRST
    assert app.title[0].value == "Training"
    assert app.query_params["run"] == run.id


def test_a_refused_try_is_explained_and_the_old_one_stays(show_page, store, monkeypatch):
    monkeypatch.setenv("MNIST_MAX_HIDDEN_LAYERS", "1")
    settings.cache_clear()
    resources.engine.clear()
    app = show_page("playground")
    shown = app.session_state[SHOWN]
    app.button(key="more layers").click().run()
    assert "at most 1 allowed here" in app.error[0].value
    assert app.session_state[SHOWN] == shown
    app.button(key="fewer layers").click().run()
    assert store.get(app.session_state[SHOWN], who=OPERATOR).config.hidden_units == (64,)


def test_a_recipe_that_does_not_fit_gets_fewer_images_and_says_so(show_page, store):
    app = show_page("playground")
    move(app, "epochs", 50)
    config = store.get(app.session_state[SHOWN], who=OPERATOR).config
    assert config.epochs == 50
    assert config.train_size < 10_000
    assert f"It learns from {config.train_size:,} images instead of 10,000" in text(app)
    move(app, "epochs", 2)
    assert store.get(app.session_state[SHOWN], who=OPERATOR).config.train_size == 10_000
    assert "instead of 10,000" not in text(app)


def test_what_takes_no_time_leaves_the_images_as_they_were(show_page, store, monkeypatch):
    app = show_page("playground")
    fewer = FIRST.model_copy(update={"train_size": 500})
    monkeypatch.setattr(type(resources.engine()), "foresee", lambda _, config: fewer)  # a machine that got busy
    move(app, "learning_rate", 0.1)
    assert store.get(app.session_state[SHOWN], who=OPERATOR).config.train_size == 10_000
    move(app, "epochs", 3)
    assert store.get(app.session_state[SHOWN], who=OPERATOR).config.train_size == 500


def test_the_image_that_flows_in_is_in_the_link(show_page, end):
    app = show_page("playground")
    try_id = end(app, 0.9)
    app.selectbox(key="playground.digit").select_index(7).run()
    assert app.query_params["digit"] == "7"
    other = show_page("playground", **{"try": try_id, "digit": "7"})
    assert other.selectbox(key="playground.digit").value == 7
    assert show_page("playground", **{"try": try_id, "digit": "x"}).selectbox(key="playground.digit").value == 0


def test_while_a_new_try_trains_the_network_before_it_stays(show_page, end):
    app = show_page("playground")
    assert "The network, from the image to its answer" not in [element.value for element in app.subheader]
    end(app, 0.9)
    move(app, "learning_rate", 0.1)
    assert "The network, from the image to its answer" in [element.value for element in app.subheader]
    assert next(button for button in app.button if button.label == "Keep as a run").disabled


def test_a_link_to_a_try_that_was_replaced_says_that_it_came_to_nothing(show_page):
    app = show_page("playground")
    first = app.session_state[SHOWN]
    move(app, "learning_rate", 0.1)
    assert "ended before it had a result" in text(show_page("playground", **{"try": first}))
