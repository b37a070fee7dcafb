"""One sentence for each way in which training goes; the failing ones never sound like success."""

import numpy as np
import pandas as pd
import pytest

from mnist_core.runs.judgement import judgement
from mnist_core.training import TrainingConfig


def history(costs, accuracy, validation=(), validation_accuracy=np.nan) -> pd.DataFrame:
    count = len(costs)
    return pd.DataFrame(
        {
            "epoch": range(count),
            "cost": np.asarray(costs, float),
            "accuracy": np.linspace(0.1, accuracy, count) if count > 1 else [accuracy] * count,
            "validation_cost": np.asarray(validation, float) if len(validation) else np.full(count, np.nan),
            "validation_accuracy": np.full(count, validation_accuracy),
        }
    )


LEVEL = [2.3, 1.0, 0.5, 0.3, 0.21, 0.2, 0.2, 0.2, 0.2, 0.2]
FALLING = np.linspace(2.3, 0.4, 20)
FLAT = [2.31, 2.3, 2.3, 2.3, 2.3, 2.3]


def test_nothing_recorded_is_not_judged():
    assert judgement(history([], 0), TrainingConfig()) is None


@pytest.mark.parametrize(
    ("what", "config", "kind", "words"),
    [
        (history(LEVEL, 0.95), {}, "good", "The cost fell and levelled out, with 95.00 % of the training images"),
        (history(FALLING, 0.9), {}, "hint", "still falling when the run ended"),
        (history([0.4], 0.88, [0.15], 0.957), {}, "good", "read 95.70 % of the validation images"),
        (
            history(LEVEL, 0.99, [0.5, 0.4, 0.3, 0.31, 0.33, 0.36, 0.4, 0.45, 0.5, 0.6], 0.93),
            {},
            "hint",
            "Overfits from epoch 3: the validation cost has risen from 0.3000 to 0.6000",
        ),
        (history([2, 1, 1.5, 0.9, 1.4, 0.8, 1.3, 0.7], 0.8), {}, "hint", "the cost rose in 3 epochs"),
        (
            history(FLAT, 0.3684),
            {"optimizer": "adam", "learning_rate": 0.1},
            "bad",
            "It has learnt less than it could: 36.84 % of the training images. "
            "The learning rate 0.1 is probably too large for adam. Try 0.001.",
        ),
        (history([3, 1.1], 0.65), {"optimizer": "adam", "learning_rate": 0.1}, "bad", "too large for adam. Try 0.001."),
        (history(FLAT, 0.1135), {"initializer": "zeros"}, "bad", "Barely better than guessing: 11.35 %"),
        (history(FLAT, 0.15), {"learning_rate": 0.0001}, "bad", "probably too small for sgd. Try 0.1."),
        (history(FLAT, 0.15), {}, "bad", "Try more epochs"),
        (history(np.linspace(2.3, 1.8, 10), 0.3), {}, "hint", "still falling"),
    ],
)
def test_each_course_has_its_sentence(what, config, kind, words):
    found = judgement(what, TrainingConfig(**config))
    assert found.kind == kind
    assert words in found.words


def test_a_rate_that_falls_to_zero_by_plan_ends_with_the_run():
    assert judgement(history(FALLING, 0.9), TrainingConfig(schedule="one_cycle")).kind == "good"


@pytest.mark.parametrize("accuracy", [0.1, 0.3, 0.49])
@pytest.mark.parametrize("config", [{}, {"optimizer": "adam", "learning_rate": 0.1}, {"schedule": "cosine"}])
def test_a_network_that_has_learnt_little_is_never_good_news(accuracy, config):
    assert judgement(history(LEVEL, accuracy), TrainingConfig(**config)).kind != "good"
