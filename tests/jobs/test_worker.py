"""What a worker does with a run, without a cluster around it."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pytest

from mnist_core.data import load_mnist
from mnist_core.jobs.attend import WorkOrder, open_store
from mnist_core.jobs.recorder import is_snapshot_epoch
from mnist_core.jobs.worker import train_run
from mnist_core.nn.calibration import fit_temperature
from mnist_core.runs import OPERATOR, Run, RunStore, weights_sha256
from mnist_core.runs.going_on import go_on
from mnist_core.runs.queue import WorkQueue
from mnist_core.training import EpochProgress, TrainingConfig, train
from mnist_core.training.split import held_out
from tests.jobs.helpers import QUICK, STEADY


@pytest.fixture
def store(database_url: str) -> Iterator[RunStore]:
    yield open_store(database_url)
    open_store(database_url).close()
    open_store.cache_clear()


def work(store: RunStore, run_id: str, max_run_s: float = 60) -> Run:
    """Do the run as a worker that was handed it."""
    taken = WorkQueue(store).take(next(run for run in WorkQueue(store).waiting() if run.id == run_id))
    assert taken is not None
    train_run(WorkOrder(taken, store.url, 2, max_run_s))
    return store.get(run_id, who=OPERATOR)


def test_a_finished_run_holds_what_training_gives(store: RunStore):
    config = QUICK.model_copy(update={"validation_size": 500, "ema": 0.5, "epochs": 6})
    run = work(store, store.create(config, who=OPERATOR).id)
    trainer = train(config, load_mnist(), threads=2)
    expected = list(trainer)
    history = store.history(run.id, who=OPERATOR)
    for field in ("epoch", "cost", "accuracy", "validation_cost", "validation_accuracy", "learning_rate"):
        assert history[field].tolist() == [getattr(result, field) for result in expected]
    assert history["gradient_norms"].tolist() == [list(result.gradient_norms) for result in expected]
    assert run.weights_sha256 == weights_sha256(trainer.network) == weights_sha256(store.network(run.id, who=OPERATOR))
    test = load_mnist().test
    correct = int((trainer.network.predict(test.images) == test.labels).sum())
    assert (run.test_correct, run.test_count, run.test_accuracy) == (correct, 10_000, correct / 10_000)
    assert run.validation_accuracy == expected[-1].validation_accuracy
    unlearnt = held_out(config, load_mnist())
    assert len(unlearnt) == 10_000
    assert run.temperature == fit_temperature(trainer.network.logits(unlearnt.images), unlearnt.labels)


def test_a_run_that_learns_from_all_images_has_no_temperature(store: RunStore):
    run = work(store, store.create(TrainingConfig(epochs=1, hidden_units=(4,)), who=OPERATOR).id)
    assert (run.status, run.temperature) == ("finished", None)


def test_a_short_run_keeps_the_points_within_its_epochs(store: RunStore):
    config = TrainingConfig(hidden_units=(8,), train_size=2000, batch_size=20, epochs=2)
    run = work(store, store.create(config, who=OPERATOR).id)
    marks = (event for event in train(config, load_mnist(), threads=2).events() if isinstance(event, EpochProgress))
    expected = [mark.point for mark in marks if mark.point is not None]
    assert len(expected) == 50
    assert store.points(run.id, who=OPERATOR).to_dict("records") == [asdict(point) for point in expected]


def test_a_finished_run_says_how_it_came_about(store: RunStore):
    run = work(store, store.create(QUICK, who=OPERATOR).id)
    assert (run.status, run.epochs_done, run.epoch_share, run.attempt, run.threads) == ("finished", 4, 0.0, 1, 2)
    assert (run.dataset_name, run.dataset_fingerprint) == ("MNIST", load_mnist().fingerprint)
    assert run.versions["numpy"] == np.__version__
    assert run.started_at_utc is not None
    assert run.finished_at_utc is not None
    assert run.created_at_utc <= run.started_at_utc <= run.finished_at_utc
    assert run.train_s == store.history(run.id, who=OPERATOR)["elapsed_s"].iloc[-1] > 0
    assert (run.error, run.traceback, run.requested) == ("", "", "")


def test_snapshots_begin_with_the_initial_network_and_end_with_the_final_one(store: RunStore):
    run = work(store, store.create(QUICK, who=OPERATOR).id)
    assert store.snapshot_epochs(run.id, who=OPERATOR) == (0, 1, 2, 4)
    initial = train(QUICK, load_mnist(), threads=2).network.parameters
    np.testing.assert_array_equal(store.snapshot(run.id, 0, who=OPERATOR).parameters, initial)
    np.testing.assert_array_equal(
        store.snapshot(run.id, 4, who=OPERATOR).parameters, store.network(run.id, who=OPERATOR).parameters
    )


def test_of_a_large_network_only_the_first_and_the_last_snapshot_are_kept(store: RunStore):
    run = work(store, store.create(TrainingConfig(epochs=3, train_size=100, hidden_units=(2048, 800)), who=OPERATOR).id)
    assert store.snapshot_epochs(run.id, who=OPERATOR) == (0, 3)


def test_snapshot_epochs_are_spaced_evenly_on_a_log_axis():
    assert [n for n in range(2001) if is_snapshot_epoch(n)] == [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]


def test_a_run_pauses_at_its_target_and_goes_on_bit_identically(store: RunStore):
    paused = work(store, store.create(QUICK, target_epochs=1, who=OPERATOR).id)
    assert (paused.status, paused.epochs_done, paused.test_accuracy, paused.weights_sha256) == ("paused", 1, None, "")
    go_on(store, paused.id, 3, who=OPERATOR)
    assert work(store, paused.id).epochs_done == 3
    go_on(store, paused.id, 4, who=OPERATOR)
    finished = work(store, paused.id)
    undisturbed = work(store, store.create(QUICK, who=OPERATOR).id)
    assert (finished.status, finished.attempt) == ("finished", 3)
    assert finished.weights_sha256 == undisturbed.weights_sha256
    assert (
        store.history(finished.id, who=OPERATOR)["cost"].tolist()
        == store.history(undisturbed.id, who=OPERATOR)["cost"].tolist()
    )


def test_a_worker_that_died_after_the_last_epoch_only_finishes(store: RunStore):
    run = work(store, store.create(QUICK, who=OPERATOR).id)
    store.update(run.id, status="queued", test_accuracy=None, held_at_utc=None, heartbeat_at_utc=None)
    again = work(store, run.id)
    assert (again.status, again.test_accuracy) == ("finished", run.test_accuracy)
    assert again.weights_sha256 == run.weights_sha256


def test_a_diverged_run_says_so_and_keeps_its_last_numbers(store: RunStore):
    # Each step multiplies the kernels by 1 - 100, beyond what float32 can hold within 25 epochs.
    config = QUICK.model_copy(update={"learning_rate": 100.0, "weight_decay": 1.0, "epochs": 50})
    run = work(store, store.create(config, who=OPERATOR).id)
    assert run.status == "diverged"
    assert "learning rate" in run.error
    assert (run.traceback, run.test_accuracy) == ("", None)
    last = store.history(run.id, who=OPERATOR).iloc[-1]
    assert not np.isfinite([last["cost"], *last["gradient_norms"]]).all()


def test_weights_that_the_last_step_blew_up_do_not_pass_for_finished(store: RunStore):
    """The cost is measured before each step, so the last one is seen in the weights alone."""
    config = QUICK.model_copy(update={"learning_rate": 100.0, "weight_decay": 1.0, "epochs": 8})
    run = work(store, store.create(config, who=OPERATOR).id)
    assert np.isfinite(store.history(run.id, who=OPERATOR)["cost"]).all()
    assert (run.status, run.test_accuracy) == ("diverged", None)
    assert "Lower the learning rate" in run.error


def test_a_run_that_takes_too_long_is_stopped_and_names_the_limit(store: RunStore):
    run = work(store, store.create(STEADY, who=OPERATOR).id, max_run_s=0.3)
    assert run.status == "stopped"
    assert "limit of 0.3 seconds of training (MNIST_MAX_RUN_S)" in run.error
    assert 0 < run.epochs_done < STEADY.epochs
    assert store.network(run.id, who=OPERATOR).layer_sizes == STEADY.layer_sizes


def test_a_failed_run_says_why_in_words_with_the_traceback(store: RunStore):
    run = store.create(QUICK, who=OPERATOR)
    store.update(run.id, dataset_fingerprint="0" * 64, dataset_name="Fashion")
    failed = work(store, run.id)
    assert failed.status == "failed"
    assert failed.error.startswith(
        "The run began with the data set Fashion (000000000000), but the worker now has MNIST"
    )
    assert failed.traceback.startswith("Traceback (most recent call last)")
    assert failed.finished_at_utc is not None


@pytest.mark.parametrize("action", ["pause", "stop"])
def test_a_request_from_before_the_start_is_fulfilled(store: RunStore, action: str):
    run = store.create(TrainingConfig(epochs=50, train_size=2_000), who=OPERATOR)
    store.update(run.id, requested=action)
    after = work(store, run.id)
    assert (after.status, after.requested) == ({"pause": "paused", "stop": "stopped"}[action], "")
    assert after.epochs_done <= 1
