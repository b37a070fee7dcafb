"""Tries with a real local cluster: the newest wins, none is judged on the test set, none exceeds its time."""

import numpy as np
import pytest

from mnist_core.errors import LimitError
from mnist_core.jobs import Engine
from mnist_core.jobs.engine import MARGIN
from mnist_core.jobs.overflow import BLOWN_UP
from mnist_core.runs import OPERATOR, Who
from mnist_core.runs.tries import BOUND_S, BOUNDED, measured, state_of
from mnist_core.training import TrainingConfig
from mnist_core.training.fair import HELD_OUT
from mnist_core.training.foresee import speed, training_s
from tests.jobs.helpers import LASTING, QUICK, until_status, until_training, worker_of

SHORT = TrainingConfig(epochs=2, batch_size=64, train_size=2000, hidden_units=(32,))
ENDED = ("finished", "stopped", "diverged", "failed")


def test_a_try_is_trained_with_images_held_out_and_never_judged(engine: Engine):
    try_id = engine.submit_try(SHORT, who=Who("me"))
    run = until_status(engine.store, try_id, *ENDED)
    assert (run.status, run.purpose, run.error, run.epochs_done) == ("finished", "try", "", 2)
    assert run.config == SHORT.model_copy(update={"validation_size": HELD_OUT})
    assert run.validation_accuracy == engine.store.history(try_id, who=OPERATOR).validation_accuracy.iloc[-1] > 0.5
    assert (run.test_accuracy, run.test_count) == (None, None)
    assert engine.store.list_runs(who=OPERATOR) == ()
    assert [run.id for run in engine.store.list_tries(who=Who("me"))] == [try_id]
    assert engine.store.list_tries(who=Who("another")) == ()


def test_of_thirty_submits_only_the_last_is_finished_and_the_worker_is_free(engine: Engine):
    lasting = SHORT.model_copy(update={"epochs": 10_000})
    ids = [engine.submit_try(lasting, who=Who("me")) for _ in range(29)]
    last = engine.submit_try(SHORT, who=Who("me"))
    until_status(engine.store, last, *ENDED)
    assert {state_of(engine.store.get(try_id, who=OPERATOR)) for try_id in ids} == {"replaced"}
    assert state_of(engine.store.get(last, who=OPERATOR)) == "finished"
    run_id = engine.submit(QUICK, who=Who("me"))  # which needs the worker
    assert until_status(engine.store, run_id, *ENDED).status == "finished"
    assert engine.problem == ""


def test_a_try_that_takes_too_long_ends_early_keeps_what_it_has_and_says_so(engine: Engine):
    try_id = engine.submit_try(SHORT.model_copy(update={"epochs": 10_000}), who=Who("me"))
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
        engine.submit_try(SHORT, who=Who("me"))
    ids = [engine.submit(QUICK, who=Who("me")) for _ in range(5)]
    with pytest.raises(LimitError, match="at most 5 of yours"):
        engine.submit(QUICK, who=Who("me"))
    for run_id in ids:
        engine.delete(run_id, who=OPERATOR)


def test_a_network_too_large_for_a_try_is_refused(engine: Engine):
    with pytest.raises(LimitError, match="1,000,000 weights"):
        engine.submit_try(SHORT.model_copy(update={"hidden_units": (2000,)}), who=Who("me"))
    assert engine.store.list_tries(who=Who("me")) == ()


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
    assert measured(engine.store) == [(run.config, run.train_s)]
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
