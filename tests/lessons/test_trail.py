"""The trail of tries: what was moved last, which dots belong together, and what is only chance."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mnist_core.figures.trail import trail, value_text
from mnist_core.lessons import meaning
from mnist_core.lessons.trail import Band, band, differing, dots, has_result, is_only_chance, last_moved
from mnist_core.runs import OPERATOR, Run, RunStore
from mnist_core.training import TrainingConfig

BASE = TrainingConfig(hidden_units=(8,), epochs=2, batch_size=32, train_size=1000, validation_size=500)


@pytest.fixture
def tried(tmp_path):
    """Make a finished try of a recipe: `tried(0.91, learning_rate=0.3)`."""
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    pattern = store.create(BASE, who=OPERATOR)

    def make(accuracy: float | None, **settings: object) -> Run:
        config = TrainingConfig.model_validate(BASE.model_dump() | settings)
        name = "-".join(f"{value}" for value in settings.values())
        status = "finished" if accuracy is not None else "diverged"
        ended = datetime.now(UTC)
        return replace(
            pattern, id=name, config=config, status=status, validation_accuracy=accuracy, finished_at_utc=ended
        )

    yield make
    store.close()


def test_the_setting_moved_last_is_found_behind_new_first_weights(tried):
    earlier = [tried(0.9, learning_rate=0.3, seed=1), tried(0.9, learning_rate=0.1), tried(0.8, dropout=0.2)]
    config = earlier[0].config.model_copy(update={"seed": 2})
    assert last_moved(config, earlier, "epochs") == "learning_rate"
    assert last_moved(config, [], "epochs") == "epochs"


def test_a_band_needs_three_seeds_of_one_setting(tried):
    seeds = [tried(0.90, seed=0), tried(0.92, seed=1), tried(0.91, seed=2)]
    other = tried(0.5, learning_rate=0.001, seed=3)
    assert band(BASE, [*seeds[:2], other]) is None
    assert band(BASE, [*seeds, other]) == Band(0.90, 0.92, 3)
    assert band(BASE, [*seeds, tried(None, seed=4)]) == Band(0.90, 0.92, 3)  # a network that overflowed has no accuracy


def test_a_difference_within_the_band_is_said_to_be_none(tried):
    seeds = [tried(0.90, seed=0), tried(0.92, seed=1), tried(0.91, seed=2)]
    little, much = tried(0.915, dropout=0.1), tried(0.95, dropout=0.2)
    assert is_only_chance(little, seeds[0], seeds) == Band(0.90, 0.92, 3)
    assert is_only_chance(much, seeds[0], seeds) is None
    assert "no more than chance" in meaning.of_change(little, seeds[0], seeds)
    assert meaning.of_change(much, seeds[0], seeds) == "+5.00 points compared with the previous try."
    assert meaning.of_change(seeds[0], much, []) == "−5.00 points compared with the previous try."
    assert meaning.of_change(seeds[0], tried(None, seed=9), seeds) == ""


def test_walking_the_learning_rate_shows_the_valley(tried):
    walked = [tried(0.2, learning_rate=0.001), tried(0.9, learning_rate=0.1), tried(None, learning_rate=10.0)]
    way = dots(walked[::-1], walked[1].config, "learning_rate")
    assert [(dot.value, dot.accuracy, dot.is_alike) for dot in way] == [
        (0.001, 0.2, True),
        (0.1, 0.9, True),
        (10.0, None, True),
    ]
    assert meaning.of_valley(way, "learning rate").endswith("learning rate 0.1 reads most.")
    assert meaning.of_valley(way[:2], "learning rate") == ""  # the large side has not been seen yet
    assert not dots(walked, BASE.model_copy(update={"dropout": 0.1}), "learning_rate")[0].is_alike


def test_the_picture_of_the_trail_lies_in_equal_ratios(tried):
    walked = [tried(0.2, learning_rate=0.001), tried(0.9, learning_rate=0.1), tried(None, learning_rate=10.0)]
    picture = trail(dots(walked[::-1], BASE, "learning_rate"), "learning_rate", "0.1", Band(0.88, 0.92, 3))
    assert [dot["x"] for dot in picture["dots"]] == pytest.approx([0.06, 0.5, 0.94])
    assert [text for _, text in picture["xs"]] == ["0.001", "0.1", "10"]
    assert picture["low"] == 0  # there is a try without an accuracy, which lies at the bottom
    assert picture["band"] == {"low": 0.88, "high": 0.92}
    assert picture["dots"][0]["words"] == "Learning rate 0.001: 20.00 % read correctly"
    assert picture["dots"][2]["words"] == "Learning rate 10: the numbers overflowed"


@pytest.mark.parametrize(
    ("field", "values", "texts"),
    [
        ("hidden_units", [(64, 32), (), (128,)], ["none", "128", "64-32"]),
        ("batch_size", [None, 32, 256], ["32", "256", "full"]),
        ("activation", ["tanh", "relu"], ["relu", "tanh"]),
        ("weight_decay", [0.01, 0.0, 0.001], ["0", "0.001", "0.01"]),
        ("train_size", [10_000, 100], ["100", "10,000"]),
    ],
)
def test_each_kind_of_setting_has_its_place_on_the_axis(tried, field, values, texts):
    walked = [tried(0.9, **{field: value}) for value in values]
    picture = trail(dots(walked, BASE, field), field, "", None)
    assert [text for _, text in picture["xs"]] == texts
    assert picture["low"] == 0.8
    assert value_text(field, walked[0].config.__getattribute__(field)) in texts


@pytest.mark.parametrize(
    ("accuracy", "cost", "training", "words"),
    [
        (None, float("nan"), 0.1, "far too large"),
        (0.1, 8.0, 0.1, "too large and overshoot"),
        (0.11, 2.29, 0.11, "too small, or too few"),
        (0.8, 0.1, 0.99, "learnt some of them by heart"),
        (0.93, 0.3, 0.92, "It reads 93.0 % of images that are new to it."),
    ],
)
def test_each_result_is_said_in_words(tried, accuracy, cost, training, words):
    assert words in meaning.of_result(tried(accuracy, seed=1), cost, training)


def test_two_tries_differ_by_what_was_moved(tried):
    one, other = tried(0.9, dropout=0.1), tried(0.9, epochs=3)
    assert differing(one.config, other.config) == ("epochs", "dropout")
    assert has_result(one)
    assert has_result(tried(None, seed=1))
    assert not has_result(replace(one, status="stopped"))
