"""A long run gives way to somebody who waits, and still ends as if nothing had happened."""

from mnist_core.jobs import Engine
from mnist_core.runs import OPERATOR, Who
from tests.jobs.helpers import QUICK, STEADY, assert_as_if_undisturbed, until_status, until_training

LONG = STEADY.model_copy(update={"epochs": 700})
FIRST, SECOND = Who("first", address="192.0.2.1"), Who("second", address="192.0.2.2")


def test_a_long_run_gives_way_to_somebody_who_waits_and_ends_bit_identical(engine: Engine):
    long = engine.submit(LONG, who=FIRST)
    until_training(engine.store, long)
    short = engine.submit(QUICK, who=SECOND)
    until_status(engine.store, short, "finished", timeout_s=120)
    between = engine.store.get(long, who=OPERATOR)
    assert between.status in {"queued", "running"}
    assert between.epochs_done < LONG.epochs
    run = until_status(engine.store, long, "finished", timeout_s=300)
    assert run.attempt >= 2
    assert_as_if_undisturbed(engine, long)


def test_a_run_alone_or_among_its_owners_own_keeps_its_worker(engine: Engine):
    first = engine.submit(LONG, who=FIRST)
    until_training(engine.store, first)
    engine.submit(QUICK, who=FIRST)
    run = until_status(engine.store, first, "finished", timeout_s=300)
    assert run.attempt == 1
