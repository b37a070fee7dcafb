"""Tries with a real local cluster: the newest wins, none is judged on the test set, none exceeds its time."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mnist_core.errors import EngineError, LimitError
from mnist_core.jobs import Engine
from mnist_core.jobs.engine import MARGIN
from mnist_core.jobs.overflow import BLOWN_UP
from mnist_core.nn import MLP
from mnist_core.runs import OPERATOR, Who, weights_sha256
from mnist_core.runs.tries import BOUND_S, BOUNDED, measured, state_of
from mnist_core.training import TrainingConfig
from mnist_core.training.fair import HELD_OUT
from mnist_core.training.foresee import speed, training_s
from tests.jobs.helpers import LASTING, QUICK, until_status, until_training, worker_of

# So few steps that a busy machine takes them within the bound as well.
SHORT = TrainingConfig(epochs=2, batch_size=50, train_size=500, hidden_units=(32,))
ME = Who("me")
NEWCOMER = Who("newcomer")
ENDED = ("finished", "stopped", "diverged", "failed")


def test_a_try_is_trained_with_images_held_out_and_never_judged(engine: Engine):
    try_id = engine.submit_try(SHORT, who=ME)
    run = until_status(engine.store, try_id, *ENDED)
    assert (run.status, run.purpose, run.error, run.epochs_done) == ("finished", "try", "", 2)
    assert run.config == SHORT.model_copy(update={"validation_size": HELD_OUT})
    assert run.validation_accuracy == engine.store.history(try_id, who=OPERATOR).validation_accuracy.iloc[-1] > 0.2
    assert (run.test_accuracy, run.test_count) == (None, None)
    assert engine.store.list_runs(who=OPERATOR) == ()
    assert [run.id for run in engine.store.list_tries(who=ME)] == [try_id]
    assert engine.store.list_tries(who=Who("another")) == ()


def test_of_thirty_submits_only_the_last_is_finished_and_the_worker_is_free(engine: Engine):
    lasting = SHORT.model_copy(update={"epochs": 10_000})
    ids = [engine.submit_try(lasting, who=ME) for _ in range(29)]
    last = engine.submit_try(SHORT, who=ME)
    until_status(engine.store, last, *ENDED)
    assert {state_of(engine.store.get(try_id, who=OPERATOR)) for try_id in ids} == {"replaced"}
    assert state_of(engine.store.get(last, who=OPERATOR)) == "finished"
    run_id = engine.submit(QUICK, who=ME)  # which needs the worker
    assert until_status(engine.store, run_id, *ENDED).status == "finished"
    assert engine.problem == ""


def test_a_try_that_takes_too_long_ends_early_keeps_what_it_has_and_says_so(engine: Engine):
    try_id = engine.submit_try(SHORT.model_copy(update={"epochs": 10_000}), who=ME)
    run = until_status(engine.store, try_id, *ENDED)
    assert (run.status, run.error, state_of(run)) == ("finished", BOUNDED, "bounded")
    assert 0 < run.epochs_done < 10_000
    assert len(engine.store.history(try_id, who=OPERATOR)) == run.epochs_done


def test_everyone_has_a_try_of_their_own(engine: Engine):
    ids = [engine.submit_try(SHORT, who=Who(visitor)) for visitor in ("me", "you", "they")]
    for try_id in ids:
        assert until_status(engine.store, try_id, *ENDED).status == "finished"


def test_tries_take_no_places_from_runs(engine: Engine):
    for _ in range(2):
        engine.submit_try(SHORT, who=ME)
    ids = [engine.submit(QUICK, who=ME) for _ in range(5)]
    with pytest.raises(LimitError, match="at most 5 of yours"):
        engine.submit(QUICK, who=ME)
    for run_id in ids:
        engine.delete(run_id, who=OPERATOR)


def test_a_network_too_large_for_a_try_is_refused(engine: Engine):
    with pytest.raises(LimitError, match="1,000,000 weights"):
        engine.submit_try(SHORT.model_copy(update={"hidden_units": (2000,)}), who=NEWCOMER)
    assert engine.store.list_tries(who=NEWCOMER) == ()


def test_a_try_whose_very_last_step_blows_up_has_diverged(engine: Engine):
    """The cost is measured before each step, so the last one is seen in the weights alone."""
    config = QUICK.model_copy(update={"learning_rate": 100.0, "weight_decay": 1.0, "epochs": 8})
    run = until_status(engine.store, engine.submit_try(config, who=OPERATOR), *ENDED)
    assert np.isfinite(engine.store.history(run.id, who=OPERATOR)["cost"]).all()
    assert (run.status, run.error) == ("diverged", BLOWN_UP)


def test_it_is_foreseen_how_many_images_fit_by_what_this_machine_has_trained(engine: Engine):
    unmeasured = engine.foresee(SHORT)
    assert unmeasured == SHORT.model_copy(update={"validation_size": HELD_OUT})
    tiny = SHORT.model_copy(update={"train_size": 100, "epochs": 1})  # also on a busy machine
    run = until_status(engine.store, engine.submit_try(tiny, who=OPERATOR), *ENDED)
    assert measured(engine.store)[0] == (run.config, run.train_s)
    lasting = SHORT.model_copy(update={"train_size": 10_000, "epochs": 200})
    pace = speed(measured(engine.store))
    foreseen = engine.foresee(lasting)
    assert 100 <= foreseen.train_size < 10_000
    assert training_s(foreseen) <= MARGIN * BOUND_S * pace or foreseen.train_size == 100


def test_a_try_is_answered_beside_a_run_that_has_the_only_worker(engine: Engine):
    run_id = engine.submit(LASTING, who=ME)
    until_training(engine.store, run_id)
    try_id = engine.submit_try(SHORT, who=Who("somebody else"))
    assert until_status(engine.store, try_id, *ENDED).status == "finished"
    assert engine.store.get(run_id, who=ME).status == "running"
    assert worker_of(engine.store, run_id) == worker_of(engine.store, try_id)
    waiting = engine.submit(QUICK, who=ME)  # while another run waits for the worker, as ever
    assert engine.queue_position(waiting, who=ME) == 1
    for unwanted in (waiting, run_id):
        engine.delete(unwanted, who=ME)


def test_the_same_setting_gives_the_same_try_run_and_command_line_network_bit_for_bit(engine: Engine, tmp_path: Path):
    """On as many threads: they decide in which order sums are taken, as for runs."""
    tiny = SHORT.model_copy(update={"dropout": 0.2, "label_noise": 0.1, "seed": 7})
    tries = [until_status(engine.store, engine.submit_try(tiny, who=ME), *ENDED) for _ in range(2)]
    assert [run.status for run in tries] == ["finished", "finished"]
    kept = until_status(engine.store, engine.keep_try(tries[0].id, who=ME), *ENDED)
    assert (kept.purpose, kept.config, kept.status) == ("run", tries[0].config, "finished")
    assert kept.test_count == 10_000

    config, model = tmp_path / "config.json", tmp_path / "model.npz"
    config.write_text(tries[0].config.model_dump_json())
    options = ["--config", str(config), "--threads", str(tries[0].threads), "--output", str(model)]
    subprocess.run([sys.executable, "-m", "mnist_core", "train", *options], check=True, capture_output=True)
    as_trained = weights_sha256(MLP.load(model))
    assert [run.weights_sha256 for run in (*tries, kept)] == [as_trained] * 3
    assert [*engine.store.points(kept.id, who=ME).cost] == [*engine.store.points(tries[1].id, who=ME).cost]


def test_a_try_is_trained_on_all_images_as_a_run(engine: Engine):
    try_id = engine.submit_try(SHORT.model_copy(update={"epochs": 1}), who=ME)
    run = engine.store.get(engine.train_on_all(try_id, who=ME), who=ME)
    assert (run.purpose, run.config.train_size, run.config.validation_size) == ("run", 60_000, HELD_OUT)
    assert run.config.hidden_units == SHORT.hidden_units
    with pytest.raises(EngineError, match="is a run already"):
        engine.keep_try(run.id, who=ME)
    engine.delete(run.id, who=ME)


def test_a_try_does_not_go_on(engine: Engine):
    try_id = engine.submit_try(SHORT, who=ME)
    until_status(engine.store, try_id, *ENDED)
    for go_on in (lambda: engine.resume(try_id, who=ME), lambda: engine.extend(try_id, 50, who=ME)):
        with pytest.raises(EngineError, match="Keep it as a run"):
            go_on()
