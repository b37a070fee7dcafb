"""Tries in the store: which ends when another begins, and which are deleted."""

import pytest
from sqlalchemy import func, insert, select

from mnist_core.errors import LimitError
from mnist_core.runs import OPERATOR, RunStore, Who, tries
from mnist_core.runs.new_row import new_row
from mnist_core.runs.schema import runs
from mnist_core.runs.tries import KEPT, KEPT_OF_AN_ADDRESS, add_try, state_of
from mnist_core.training import TrainingConfig

CONFIG = TrainingConfig(hidden_units=(4,))


def test_the_newest_ends_the_older_one_of_the_same_visitor_only(store: RunStore):
    first, others = add_try(store, CONFIG, 9, who=Who("me")), add_try(store, CONFIG, 9, who=Who("you"))
    second = add_try(store, CONFIG, 9, who=Who("me"))
    assert [state_of(store.get(try_id, who=OPERATOR)) for try_id in (first, second, others)] == [
        "replaced",
        "queued",
        "queued",
    ]


def test_the_newest_hundred_are_kept_and_what_was_replaced_goes_first(store: RunStore):
    row = {"purpose": "try", "status": "finished"}
    with store.database.write() as connection:
        rows = [new_row(CONFIG, Who("me"), **row, error=error) for error in [tries.REPLACED, *[""] * KEPT]]
        for values in rows:
            connection.execute(insert(runs).values(values))
    newest = add_try(store, CONFIG, 9, who=Who("me"))
    kept = {run.id for run in store.list_tries(who=Who("me"))}
    assert len(kept) == KEPT
    assert newest in kept
    assert rows[0]["id"] not in kept  # the replaced one
    assert add_try(store, CONFIG, 9, who=Who("you")) in {run.id for run in store.list_tries(who=Who("you"))}
    assert len(store.list_tries(who=Who("me"))) == KEPT


def test_a_run_is_neither_ended_nor_deleted_by_tries(store: RunStore):
    run = store.create(CONFIG, who=Who("me"))
    for _ in range(3):
        add_try(store, CONFIG, 9, who=Who("me"))
    assert store.get(run.id, who=OPERATOR).status == "queued"
    assert [listed.id for listed in store.list_runs(who=OPERATOR)] == [run.id]


def test_there_is_room_for_so_many_of_all_visitors(store: RunStore):
    older = add_try(store, CONFIG, 2, who=Who("me"))
    add_try(store, CONFIG, 2, who=Who("you"))
    with pytest.raises(LimitError, match="at most 2 of all"):
        add_try(store, CONFIG, 2, who=Who("they"))
    newer = add_try(store, CONFIG, 2, who=Who("me"))  # takes the older one's place
    assert [state_of(store.get(try_id, who=OPERATOR)) for try_id in (older, newer)] == ["replaced", "queued"]


def test_there_is_room_for_so_many_from_one_network_address(store: RunStore):
    crowd = [Who(f"cookie {number}", "198.51.100.1") for number in range(3)]
    for who in crowd[:2]:
        add_try(store, CONFIG, 9, who=who, most_of_an_address=2)
    with pytest.raises(LimitError, match="at most 2 from one network address"):
        add_try(store, CONFIG, 9, who=crowd[2], most_of_an_address=2)
    add_try(store, CONFIG, 9, who=crowd[1], most_of_an_address=2)  # takes the older one's place
    add_try(store, CONFIG, 9, who=Who("honest", "203.0.113.9"), most_of_an_address=2)
    add_try(store, CONFIG, 9, who=Who("on this machine"), most_of_an_address=2)


def test_a_crowd_at_one_network_address_pushes_out_its_own_tries_alone(store: RunStore):
    honest = add_try(store, CONFIG, 9, who=Who("honest", "203.0.113.9"))
    store.update(honest, status="finished")
    with store.database.write() as connection:
        for number in range(KEPT_OF_AN_ADDRESS + 5):
            cookie = Who(f"cookie {number}", "198.51.100.1")
            connection.execute(insert(runs).values(new_row(CONFIG, cookie, purpose="try", status="finished")))
    add_try(store, CONFIG, 9, who=Who("one more cookie", "198.51.100.1"))
    with store.database.read() as connection:
        kept = connection.scalar(select(func.count()).where(runs.c.address == "198.51.100.1"))
    assert kept == KEPT_OF_AN_ADDRESS
    assert store.get(honest, who=OPERATOR).status == "finished"
