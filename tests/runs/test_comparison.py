"""Runs side by side: search, differing settings, the best, and whether a repeat is bit-identical."""

import pytest

from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.comparison import (
    best_run,
    differing_settings,
    is_identical,
    overview,
    repeats,
    settings_table,
    unique_names,
)
from mnist_core.training import TrainingConfig

CLASSIC = TrainingConfig.preset("classic")


@pytest.fixture
def add(tmp_path):
    """Return a function that adds a run to a store, with any fields set as a worker would."""
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")

    def add_run(config=CLASSIC, kind="numpy", name=None, **fields):
        run = store.create(config, kind=kind, name=name, who=OPERATOR)
        if fields:
            store.update(run.id, **fields)
        return store.get(run.id, who=OPERATOR)

    yield add_run
    store.close()


def test_the_overview_has_accuracies_in_percent_and_gaps_where_nothing_was_measured(add):
    done = add(name="done", status="finished", test_accuracy=0.954, epochs_done=1000, train_s=61.5)
    table = overview([done, add(TrainingConfig(seed=3, epochs=5), kind="keras")])
    assert table["Name"][0] == "done"
    assert list(table["Kind"]) == ["NumPy", "Keras"]
    assert list(table["Recipe"]) == ["classic", "classic, epochs 5"]
    assert list(table["Status"]) == ["finished", "queued"]
    assert list(table["Epochs done"]) == [1000, 0]
    assert table["Test %"][0] == pytest.approx(95.4)
    assert table["Test %"].isna().tolist() == [False, True]
    assert table["Time s"][0] == 61.5


def test_an_empty_overview_has_its_columns():
    assert overview([]).columns[0] == "Name"
    assert len(overview([])) == 0


def test_the_overview_says_whose_a_run_is_and_has_every_setting(add):
    table = overview([add(owner="me"), add(owner="somebody")], me="me")
    assert list(table["Owner"]) == ["you", "another visitor"]
    assert table["Learning rate"].dtype == float
    assert list(table["Batch size"]) == ["full", "full"]
    assert list(table["Hidden units"]) == ["128-64", "128-64"]


def test_settings_name_the_default_only_where_it_is_another():
    table = settings_table(TrainingConfig(hidden_units=(32,), batch_size=128)).set_index("Setting")
    assert list(table.loc["Hidden units"]) == ["32", "128-64"]
    assert list(table.loc["Batch size"]) == ["128", "full"]
    assert list(table.loc["Epochs"]) == ["1,000", ""]
    assert len(table) == len(TrainingConfig.model_fields)


def test_only_the_settings_that_differ_are_compared(add):
    runs = [add(name="a"), add(TrainingConfig(learning_rate=0.2), name="b"), add(TrainingConfig(seed=1), name="c")]
    table = differing_settings(runs).set_index("Setting")
    assert table.loc["Learning rate"].to_dict() == {"a": "0.1", "b": "0.2", "c": "0.1"}
    assert table.loc["Seed"].to_dict() == {"a": "0", "b": "0", "c": "1"}
    assert len(table) == 2
    assert differing_settings([runs[0], add(name="d")]).empty


def test_runs_of_one_name_stay_two(add):
    first, second = add(name="same"), add(name="same")
    assert list(unique_names([first, second])) == ["same", f"same ({second.id[:4]})"]


def test_the_best_run_is_chosen_by_validation_among_finished_runs_on_the_same_data(add):
    def run(validation, test, status="finished", data="here"):
        return add(status=status, validation_accuracy=validation, test_accuracy=test, dataset_fingerprint=data)

    better, worse = run(0.97, 0.95), run(0.96, 0.99)
    others = [run(None, 0.995), run(0.99, None, "stopped"), run(0.99, 0.99, data="elsewhere"), add()]
    assert best_run([worse, better, *others], "here") == better
    assert best_run(others, "here") is None


def test_a_repeat_has_the_same_recipe_seed_kind_and_data(add):
    run = add(status="finished", dataset_fingerprint="here", weights_sha256="aa")
    same = add(status="finished", dataset_fingerprint="here", weights_sha256="aa")
    changed = add(status="finished", dataset_fingerprint="here", weights_sha256="bb")
    waiting = add()
    others = [add(CLASSIC.model_copy(update={"seed": 1})), add(kind="keras"), add(dataset_fingerprint="elsewhere")]
    found = repeats(run, [run, same, changed, waiting, *others])
    assert found == (same, changed, waiting)
    assert [is_identical(run, other) for other in found] == [True, False, None]


def test_a_stopped_run_is_neither_identical_nor_different(add):
    finished = add(status="finished", weights_sha256="aa")
    assert is_identical(add(status="stopped", weights_sha256="aa"), finished) is None


def test_finished_runs_without_hashes_of_their_weights_are_not_called_identical(add):
    first, second = add(status="finished"), add(status="finished")
    known = add(status="finished", weights_sha256="aa")
    assert [is_identical(*pair) for pair in ((first, second), (first, known), (known, first))] == [None, None, None]
