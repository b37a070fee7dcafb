"""Room on the disk: what a run may take is known beforehand, and what nobody has named or pinned goes first."""

import pytest
from sqlalchemy import update

from mnist_core.data import load_mnist
from mnist_core.errors import LimitError
from mnist_core.jobs.limits import check_config
from mnist_core.runs import OPERATOR, RunStore, Who
from mnist_core.runs.admission import Room
from mnist_core.runs.blobs import checkpoint_to_bytes
from mnist_core.runs.clock import now
from mnist_core.runs.going_on import extend, go_on
from mnist_core.runs.quota import Quota
from mnist_core.runs.schema import runs
from mnist_core.runs.size import expected_bytes
from mnist_core.settings import Settings
from mnist_core.training import TrainingConfig, train

SMALL = TrainingConfig(hidden_units=(6,), epochs=30)
SIZE = expected_bytes(SMALL)


def room(mine: float = 100, everybodys: float = 100, address: float = 100, min_free_bytes: int = 0) -> Room:
    """Room for so many runs of SMALL."""
    sizes = [int(count * SIZE) for count in (mine, address, everybodys)]
    return Room(1000, 1000, Quota(*sizes, min_free_bytes, keep_days=30))


def add(store: RunStore, days_ago: float = 0, visitor: str = "v", status: str = "finished") -> str:
    run = store.create(SMALL, who=Who(visitor))
    with store.database.write() as connection:
        values = {"created_at_utc": now(-days_ago * 86_400), "status": status}
        connection.execute(update(runs).where(runs.c.id == run.id).values(values))
    return run.id


def left(store: RunStore) -> set[str]:
    return {run.id for run in store.list_runs(who=OPERATOR)}


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "sgd"},
        {"optimizer": "momentum", "dtype": "float64"},
        {"optimizer": "adam", "dtype": "float64", "ema": 0.99},
        {"optimizer": "adamw"},
    ],
)
def test_a_checkpoint_fits_into_what_is_expected(settings: dict[str, object]):
    config = TrainingConfig(hidden_units=(256, 256), train_size=64, epochs=1, **settings)
    trainer = train(config, load_mnist())
    assert len(list(trainer)) == 1
    size = len(checkpoint_to_bytes(trainer.checkpoint())) + 3 * 4 * trainer.network.parameters.size
    assert size < expected_bytes(config) < 2 * size + 400_000


def test_a_recipe_that_takes_too_much_is_refused_in_words():
    limits = Settings()
    check_config(TrainingConfig(hidden_units=(2048, 2048)), limits)
    vast = TrainingConfig(hidden_units=(2048,) * 6, dtype="float64", optimizer="adam")
    with pytest.raises(LimitError, match=r"may take 256 MB of disk space here; this recipe would take \d+"):
        check_config(vast, limits)


def test_old_runs_without_a_name_go_first_and_only_where_room_is_short(store: RunStore):
    oldest, old, named, pinned = (add(store, days) for days in (50, 40, 60, 60))
    young, paused = add(store, 5), add(store, 60, status="paused")
    store.rename(named, "my best", who=OPERATOR)
    store.pin(pinned, who=OPERATOR)
    store.create(SMALL, who=Who("v"), room=room(7))
    assert len(left(store)) == 7
    store.create(SMALL, who=Who("v"), room=room(7))
    assert oldest not in left(store)
    assert {old, named, pinned, young, paused} < left(store)
    with pytest.raises(LimitError, match="Your runs would take more disk space than is allowed"):
        store.create(SMALL, who=Who("v"), room=room(5))
    assert old in left(store)  # what is refused deletes nothing


def test_the_store_as_a_whole_has_its_quota_too(store: RunStore):
    mine, theirs = add(store, 40, "me"), add(store, 50, "them")
    store.create(SMALL, who=Who("me"), room=room(everybodys=2))
    assert theirs not in left(store)
    assert mine in left(store)
    with pytest.raises(LimitError, match="All runs together would take more"):
        store.create(SMALL, who=Who("me"), room=room(everybodys=0.5))


def test_no_run_begins_or_goes_on_when_the_disk_is_nearly_full(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    with pytest.raises(LimitError, match="disk is nearly full"):
        store.create(SMALL, room=room(min_free_bytes=10**18), who=OPERATOR)
    assert left(store) == set()
    failed = add(store, status="failed")
    with pytest.raises(LimitError, match="disk is nearly full"):
        go_on(store, failed, SMALL.epochs, who=OPERATOR, room=room(min_free_bytes=10**18))
    assert store.get(failed, who=OPERATOR).status == "failed"
    store.close()


def test_a_run_that_goes_on_is_checked_as_a_new_one_is(store: RunStore):
    """An ended run may be the oldest one without a name: it must not make room for itself."""
    longer = SMALL.epochs + 1000
    failed, finished = add(store, 60, status="failed"), add(store, 50)
    with pytest.raises(LimitError, match="Your runs would take more"):
        extend(store, store.get(finished, who=OPERATOR), longer, who=OPERATOR, room=room(0.5))
    assert left(store) == {failed, finished}
    assert [store.get(run, who=OPERATOR).status for run in (failed, finished)] == ["failed", "finished"]
    go_on(store, failed, SMALL.epochs, who=OPERATOR, room=room(2))
    assert left(store) == {failed, finished}
    # More epochs take more: 2 runs are no longer all that fits into 2.
    with pytest.raises(LimitError, match="All runs together would take more"):
        extend(store, store.get(finished, who=OPERATOR), longer, who=OPERATOR, room=room(everybodys=2))


def test_names_and_notes_have_an_end(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    store.rename(run.id, "x" * 80, who=OPERATOR)
    store.annotate(run.id, "y" * 2000, who=OPERATOR)
    for change, text in ((store.rename, "x" * 81), (store.annotate, "y" * 2001)):
        with pytest.raises(ValueError, match="expected at most"):
            change(run.id, text, who=OPERATOR)
    with pytest.raises(ValueError, match="NUL character"):
        store.annotate(run.id, "a\0b", who=OPERATOR)
    assert (store.get(run.id, who=OPERATOR).name, store.get(run.id, who=OPERATOR).notes) == ("x" * 80, "y" * 2000)


def test_an_address_has_its_quota_and_its_number_of_runs_whatever_its_cookies(store: RunStore):
    cookies = [Who(f"cookie {n}", "6.6.6.6") for n in range(4)]
    limited = Room(5, 100, of_an_address=3)
    for who in cookies[:3]:
        store.create(SMALL, who=who, room=limited)
    with pytest.raises(LimitError, match="at most 3 from one network address"):
        store.create(SMALL, who=cookies[3], room=limited)
    store.create(SMALL, who=Who("honest", "9.9.9.9"), room=limited)
    with pytest.raises(LimitError, match="Runs from your address would take more disk space"):
        store.create(SMALL, who=cookies[3], room=room(address=3))


def test_what_is_in_the_trash_goes_before_anything_else(store: RunStore):
    old, deleted = add(store, 40), add(store, 1)
    store.delete(deleted, who=Who("v"))
    assert [run.id for run in store.trash(who=Who("v"))] == [deleted]
    store.create(SMALL, who=Who("v"), room=room(2))
    assert old in left(store)
    assert store.trash(who=OPERATOR) == ()
