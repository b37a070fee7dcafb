"""Tries in the store: which ends when another begins, and which are deleted."""

import pytest
from sqlalchemy import insert

from mnist_core.errors import LimitError
from mnist_core.runs import RunStore, tries
from mnist_core.runs.new_row import new_row
from mnist_core.runs.schema import runs
from mnist_core.runs.tries import KEPT, add_try, state_of
from mnist_core.training import TrainingConfig

CONFIG = TrainingConfig(hidden_units=(4,))


def test_the_newest_ends_the_older_one_of_the_same_visitor_only(store: RunStore):
    first, others = add_try(store, CONFIG, "me", 9), add_try(store, CONFIG, "you", 9)
    second = add_try(store, CONFIG, "me", 9)
    assert [state_of(store.get(try_id)) for try_id in (first, second, others)] == ["replaced", "queued", "queued"]


def test_the_newest_hundred_are_kept_and_what_was_replaced_goes_first(store: RunStore):
    row = {"visitor": "me", "purpose": "try", "status": "finished"}
    with store.database.write() as connection:
        rows = [new_row(CONFIG, **row, error=error) for error in [tries.REPLACED, *[""] * KEPT]]
        for values in rows:
            connection.execute(insert(runs).values(values))
    newest = add_try(store, CONFIG, "me", 9)
    kept = {run.id for run in store.list_tries("me")}
    assert len(kept) == KEPT
    assert newest in kept
    assert rows[0]["id"] not in kept  # the replaced one
    assert add_try(store, CONFIG, "you", 9) in {run.id for run in store.list_tries("you")}
    assert len(store.list_tries("me")) == KEPT


def test_a_run_is_neither_ended_nor_deleted_by_tries(store: RunStore):
    run = store.create(CONFIG, visitor="me")
    for _ in range(3):
        add_try(store, CONFIG, "me", 9)
    assert store.get(run.id).status == "queued"
    assert [listed.id for listed in store.list_runs()] == [run.id]


def test_there_is_room_for_so_many_of_all_visitors(store: RunStore):
    older = add_try(store, CONFIG, "me", 2)
    add_try(store, CONFIG, "you", 2)
    with pytest.raises(LimitError, match="at most 2 of all"):
        add_try(store, CONFIG, "they", 2)
    newer = add_try(store, CONFIG, "me", 2)  # takes the older one's place
    assert [state_of(store.get(try_id)) for try_id in (older, newer)] == ["replaced", "queued"]
