"""A search by words and by settings."""

import pytest

from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.search import parse
from mnist_core.training import TrainingConfig


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of Adam at 0.01, called calm-otter-17."""
    store = RunStore(f"sqlite:///{tmp_path_factory.mktemp('store') / 'runs.sqlite3'}")
    yield store.create(
        TrainingConfig(optimizer="adam", learning_rate=0.01, hidden_units=(32,)), name="calm-otter-17", who=OPERATOR
    )
    store.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("OTTER classic", True),
        ("numpy ott", True),
        ("keras", False),
        ("otter optimizer:adam", True),
        ("optimizer:sgd", False),
        ("learning_rate:0.010", True),
        ("learning-rate:1e-2", True),
        ("learning_rate:0.1", False),
        ("hidden_units:32", True),
        ("batch_size:full", True),
        ("speed:3", False),
    ],
)
def test_every_word_and_every_setting_must_fit(run, text, found):
    assert parse(text).finds(run) is found


def test_what_names_no_setting_is_told():
    assert parse("optimiser:adam seed:1").unknown == ("optimiser",)
