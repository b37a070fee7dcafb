"""Stopped and finished runs go on for more epochs, where that ends as a run of so many epochs would."""

from collections.abc import Iterator

import pytest

from mnist_core.errors import EngineError, LimitError
from mnist_core.jobs.attend import open_store
from mnist_core.jobs.limits import check_extension, room
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.going_on import extend
from mnist_core.runs.tasks import TaskStore
from mnist_core.settings import Settings
from tests.jobs.helpers import QUICK, undisturbed_sha256
from tests.jobs.test_worker import work

LIMITS = Settings(max_epochs=50)


@pytest.fixture
def store(database_url: str) -> Iterator[RunStore]:
    yield open_store(database_url)
    open_store(database_url).close()
    open_store.cache_clear()


def test_a_finished_run_goes_on_as_one_of_more_epochs_would(store: RunStore):
    run = work(store, store.create(QUICK, who=OPERATOR).id)
    store.save_artifact(run.id, "robustness", b"of the network of four epochs")
    check_extension(run, 7, LIMITS)
    extend(store, run, 7, who=OPERATOR, room=room(LIMITS))
    queued = store.get(run.id, who=OPERATOR)
    assert (queued.status, queued.config.epochs, queued.epochs_done) == ("queued", 7, 4)
    assert (queued.test_accuracy, queued.weights_sha256, queued.finished_at_utc) == (None, "", None)
    assert TaskStore(store).state(run.id, "robustness", who=OPERATOR).status == ""
    after = work(store, run.id)
    assert (after.status, after.epochs_done) == ("finished", 7)
    assert after.weights_sha256 == undisturbed_sha256(QUICK.model_copy(update={"epochs": 7}), 2)
    assert after.test_accuracy is not None
    assert store.history(run.id, who=OPERATOR)["epoch"].tolist() == list(range(7))


def test_a_stopped_run_goes_on_to_the_end_that_its_schedule_planned(store: RunStore):
    config = QUICK.model_copy(update={"schedule": "one_cycle"})
    run = store.create(config, target_epochs=2, who=OPERATOR)
    work(store, run.id)
    store.request(run.id, "stop", who=OPERATOR)
    stopped = store.get(run.id, who=OPERATOR)
    with pytest.raises(EngineError, match=r"plans its learning rate \(one_cycle\) over 4 epochs"):
        check_extension(stopped, 6, LIMITS)
    check_extension(stopped, 4, LIMITS)
    extend(store, stopped, 4, who=OPERATOR)
    assert work(store, run.id).weights_sha256 == undisturbed_sha256(config, 2)


def test_what_cannot_be_extended_is_refused_in_words(store: RunStore):
    run = work(store, store.create(QUICK, who=OPERATOR).id)
    with pytest.raises(EngineError, match="expected more than the 4 that"):
        check_extension(run, 4, LIMITS)
    with pytest.raises(LimitError, match="at most 50 allowed here, received 51"):
        check_extension(run, 51, LIMITS)
    with pytest.raises(LimitError, match="has trained for the 1e-09 seconds"):
        check_extension(run, 6, Settings(max_run_s=1e-9))
    with pytest.raises(EngineError, match="half of a comparison with Keras"):
        check_extension(store.get(store.create(QUICK, pair_id="pair", who=OPERATOR).id, who=OPERATOR), 6, LIMITS)
    with pytest.raises(EngineError, match=r"is queued\. Only a run that was stopped or has finished"):
        extend(store, store.create(QUICK, who=OPERATOR), 6, who=OPERATOR)
