"""Every operation of store and engine, times every kind of stranger: what each may do with another's run."""

from collections.abc import Callable, Iterator

import pytest

from mnist_core.data import load_mnist
from mnist_core.errors import RightsError, StoreError
from mnist_core.jobs import Engine
from mnist_core.jobs.pair import twin_of
from mnist_core.runs import OPERATOR, Run, RunStore, Who
from mnist_core.runs.archive import archive
from mnist_core.runs.audit import read_log
from mnist_core.runs.queue import MAX_DEATHS, WorkQueue
from mnist_core.runs.rights import READ_ONLY
from mnist_core.runs.who import ANYBODY
from mnist_core.settings import Settings
from mnist_core.training import Checkpoint, EpochResult, TrainingConfig, train

SMALL = TrainingConfig(hidden_units=(4,), train_size=50, epochs=20)
NOWHERE = Settings(scheduler_address="tcp://127.0.0.1:9")
ME = Who("me", "10.0.0.1")
ADMINISTRATOR = Who("the teacher", "10.0.0.9", is_administrator=True, name="Teacher")
# A raw websocket client is one of these: what it sends reaches nothing but the functions below, with who it is.
STRANGERS = {
    "another visitor": Who("another", "10.0.0.2"),
    "another at my address": Who("neighbour", ME.address),
    "without a cookie": Who("random, for this session"),
    "not known at all": ANYBODY,
    "signed in": Who("signed in", "10.0.0.3", name="Ann"),
    "named as I am": Who("impostor", ME.address, name="me"),
    "banned": Who("banned", "10.0.0.4"),
    "at a banned address": Who("at a banned address", "10.0.0.5"),
}


def _extend(engine: Engine, run_id: str, who: Who) -> None:
    """Let it go on as a run of its own: one of a pair cannot."""
    engine.store.update(run_id, pair_id=None)
    try:
        engine.extend(run_id, 40, who=who)
    finally:
        engine.store.update(run_id, pair_id="pair")


Operation = Callable[[Engine, str, Who], object]
READ: dict[str, Operation] = {
    "get": lambda engine, run_id, who: engine.store.get(run_id, who=who).config,
    "list": lambda engine, run_id, who: run_id in {run.id for run in engine.store.list_runs(who=who)},
    "history": lambda engine, run_id, who: len(engine.store.history(run_id, who=who)),
    "checkpoint": lambda engine, run_id, who: engine.store.load_checkpoint(run_id, who=who),
    "network": lambda engine, run_id, who: engine.store.network(run_id, who=who),
    "snapshots": lambda engine, run_id, who: engine.store.snapshot_epochs(run_id, who=who),
    "snapshot": lambda engine, run_id, who: engine.store.snapshot(run_id, 0, who=who),
    "artifact": lambda engine, run_id, who: engine.store.load_artifact(run_id, "robustness", who=who),
    "task": lambda engine, run_id, who: engine.task_state("robustness", run_id, who=who).status,
    "place": lambda engine, run_id, who: engine.queue_position(_other(engine, run_id), who=who),
    "twin": lambda engine, run_id, who: twin_of(engine.store, engine.store.get(run_id, who=OPERATOR), who=who),
}
CHANGE: dict[str, Operation] = {
    "rename": lambda engine, run_id, who: engine.store.rename(run_id, "mine now", who=who),
    "annotate": lambda engine, run_id, who: engine.store.annotate(run_id, "seen", who=who),
    "pin": lambda engine, run_id, who: engine.store.pin(run_id, who=who),
    "show to all": lambda engine, run_id, who: engine.store.share(run_id, "everybody", who=who),
    "hide": lambda engine, run_id, who: engine.store.share(run_id, "owner", who=who),
    "pause": lambda engine, run_id, who: engine.pause(_other(engine, run_id), who=who),
    "step": lambda engine, run_id, who: engine.step(_other(engine, run_id), who=who),
    "stop": lambda engine, run_id, who: engine.stop(_other(engine, run_id), who=who),
    "resume": lambda engine, run_id, who: engine.resume(_other(engine, run_id), who=who),
    "extend": _extend,
    "cancel a task": lambda engine, run_id, who: engine.cancel_task("keras_fit", run_id, who=who),
    "delete": lambda engine, run_id, who: engine.delete(run_id, who=who),
}
IN_TRASH: dict[str, Operation] = {
    "restore": lambda engine, run_id, who: engine.store.restore(run_id, who=who),
    "delete for good": lambda engine, run_id, who: engine.store.delete_for_good(run_id, who=who),
}
FOR_ADMINISTRATORS: dict[str, Operation] = {
    "make administrator": lambda engine, _, who: engine.store.make_administrator(who.identity, who=who),
    "ban": lambda engine, _, who: engine.store.ban("somebody", who=who),
    "unban": lambda engine, _, who: engine.store.unban("banned", who=who),
    "who is banned": lambda engine, _, who: engine.store.banned(who=who),
    "read-only": lambda engine, _, who: engine.store.switch(READ_ONLY, "yes", who=who),
    "audit log": lambda engine, _, who: read_log(engine.store.database, who=who),
}
NOTHING = (None, (), "", 0, False)


@pytest.fixture(scope="module")
def shared_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    store = RunStore(f"sqlite:///{tmp_path_factory.mktemp('store') / 'runs.sqlite3'}")
    engine = Engine(store, NOWHERE)
    yield engine
    engine.close()
    store.close()


@pytest.fixture
def engine(shared_engine: Engine) -> Iterator[Engine]:
    """An engine without a worker, on an empty store that knows who is banned."""
    store = shared_engine.store
    store.ban("banned", who=OPERATOR)
    store.ban("10.0.0.5", who=OPERATOR)
    yield shared_engine
    store.switch(READ_ONLY, "", who=OPERATOR)
    for run in store.list_runs(who=OPERATOR):
        store.delete(run.id, who=OPERATOR)
    store.empty_trash(who=OPERATOR)


@pytest.fixture
def run_id(engine: Engine) -> str:
    """A finished run of mine, with all that may belong to one, and the queued run that it is a pair with."""
    store = engine.store
    first = store.create(SMALL, who=ME, pair_id="pair").id
    store.create(SMALL, who=ME, kind="keras", pair_id="pair")
    network = train(SMALL, load_mnist()).network
    store.save_snapshot(first, 0, network)
    store.append_epochs(first, [EpochResult(0, 1.0, 0.5, None, None, 0.1, (1.0, 1.0), (0.0,), 0.1, 1.0)])
    store.save_checkpoint(first, Checkpoint(1, network.parameters.copy()))
    store.save_artifact(first, "robustness", b"measured")
    store.update(first, status="finished")
    engine._tasks.add(first, "keras_fit", who=ME)  # the engine starts none where Keras may not be used
    return first


def _other(engine: Engine, run_id: str) -> str:
    pair = engine.store.get(run_id, who=OPERATOR).pair_id
    return next(run.id for run in engine.store.list_runs(who=OPERATOR) if run.pair_id == pair and run.id != run_id)


def hide(engine: Engine, run_id: str) -> None:
    for each in (run_id, _other(engine, run_id)):
        engine.store.share(each, "owner", who=ME)


def all_of(engine: Engine, run_id: str) -> tuple[Run, Run]:
    return tuple(engine.store.get(each, who=OPERATOR) for each in (run_id, _other(engine, run_id)))


@pytest.mark.parametrize("stranger", STRANGERS)
def test_of_a_private_run_a_stranger_sees_nothing(engine: Engine, run_id: str, stranger: str):
    hide(engine, run_id)
    for name, read in READ.items():
        try:
            assert read(engine, run_id, STRANGERS[stranger]) in NOTHING, name
        except StoreError as error:
            assert "There is no run" in str(error) or "No snapshot" in str(error), name


@pytest.mark.parametrize("who", [ME, ADMINISTRATOR, OPERATOR], ids=lambda who: who.identity)
def test_the_owner_and_administrators_see_a_private_run(engine: Engine, run_id: str, who: Who):
    hide(engine, run_id)
    for name, read in READ.items():
        found = read(engine, run_id, who)
        assert not isinstance(found, int | str | None) or found not in NOTHING, name


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_run_is_seen_by_everybody_unless_it_is_hidden(engine: Engine, run_id: str, stranger: str):
    for name, read in READ.items():
        found = read(engine, run_id, STRANGERS[stranger])
        assert not isinstance(found, int | str | None) or found not in NOTHING, name


@pytest.mark.parametrize("operation", CHANGE)
@pytest.mark.parametrize("is_private", [False, True], ids=["public", "private"])
def test_no_stranger_changes_a_run(engine: Engine, run_id: str, operation: str, is_private: bool):
    if is_private:
        hide(engine, run_id)
    before = all_of(engine, run_id)
    for name, stranger in STRANGERS.items():
        if is_private and operation == "delete":
            engine.delete(run_id, who=stranger)  # as of a run that is not there
        else:
            with pytest.raises(StoreError if is_private else RightsError, match="no run" if is_private else "owner"):
                CHANGE[operation](engine, run_id, stranger)
        assert all_of(engine, run_id) == before, name
    assert engine.task_state("keras_fit", run_id, who=ME).status == "queued"


@pytest.mark.parametrize("operation", CHANGE)
@pytest.mark.parametrize("who", [ME, ADMINISTRATOR], ids=lambda who: who.identity)
def test_the_owner_and_the_administrator_change_it_and_the_log_says_so(
    engine: Engine, run_id: str, operation: str, who: Who
):
    lines = len(read_log(engine.store.database, who=OPERATOR))
    CHANGE[operation](engine, run_id, who)
    log = read_log(engine.store.database, who=OPERATOR)
    assert len(log) > lines
    assert (log[0].identity, log[0].name, log[0].address) == (who.identity, who.name, who.address)
    assert log[0].run_id


@pytest.mark.parametrize("operation", IN_TRASH)
def test_only_the_owner_and_administrators_reach_into_the_trash(engine: Engine, run_id: str, operation: str):
    engine.delete(run_id, who=ME)
    with pytest.raises(StoreError, match="There is no run"):
        engine.store.get(run_id, who=ME)
    for stranger in STRANGERS.values():
        assert engine.store.trash(who=stranger) == ()
        with pytest.raises(StoreError, match="There is no run"):
            IN_TRASH[operation](engine, run_id, stranger)
        if "banned" not in stranger.identity:
            engine.store.empty_trash(who=stranger)  # their own, which is empty
    assert [run.id for run in engine.store.trash(who=ME)] == [run_id]
    IN_TRASH[operation](engine, run_id, ME)
    assert engine.store.trash(who=ADMINISTRATOR) == ()
    assert (run_id in {run.id for run in engine.store.list_runs(who=ME)}) == (operation == "restore")
    assert (engine.store.load_artifact(run_id, "robustness", who=OPERATOR) is None) == (operation != "restore")


@pytest.mark.parametrize("operation", FOR_ADMINISTRATORS)
def test_what_is_for_administrators_is_for_nobody_else(engine: Engine, run_id: str, operation: str):
    for who in (ME, *STRANGERS.values()):
        with pytest.raises(RightsError, match="Only an administrator"):
            FOR_ADMINISTRATORS[operation](engine, run_id, who)
    assert not engine.store.is_administrator("me")
    assert engine.store.switched(READ_ONLY) == ""
    FOR_ADMINISTRATORS[operation](engine, run_id, ADMINISTRATOR)


@pytest.mark.parametrize("identity", ["banned", "at a banned address"])
def test_who_is_banned_may_look_and_do_nothing(engine: Engine, identity: str):
    who = STRANGERS[identity]
    for start in (engine.submit, engine.submit_try):
        with pytest.raises(RightsError, match="The administrator has blocked you"):
            start(SMALL, who=who)
    theirs = engine.store.list_runs(who=OPERATOR)
    assert theirs == engine.store.list_tries(who=who) == ()
    engine.store.unban("banned", who=ADMINISTRATOR)
    engine.store.unban("10.0.0.5", who=ADMINISTRATOR)
    assert engine.store.get(engine.submit(SMALL, who=who), who=who).owner == who.identity


def test_a_read_only_server_takes_nothing_from_visitors(engine: Engine, run_id: str):
    engine.store.switch(READ_ONLY, "for the exam", who=ADMINISTRATOR)
    before = all_of(engine, run_id)
    for name, change in {**CHANGE, "submit": lambda engine, _, who: engine.submit(SMALL, who=who)}.items():
        with pytest.raises(RightsError, match="read-only"):
            change(engine, run_id, ME)
        assert all_of(engine, run_id) == before, name
    engine.store.rename(run_id, "renamed", who=ADMINISTRATOR)
    engine.store.switch(READ_ONLY, "", who=ADMINISTRATOR)
    engine.store.rename(run_id, "again", who=ME)


def test_a_hidden_run_is_not_exported_for_a_stranger(engine: Engine, run_id: str):
    run = engine.store.get(run_id, who=ME)
    hide(engine, run_id)
    assert b"model.npz" in archive(engine.store, [run], who=ME)
    assert b"model.npz" not in archive(engine.store, [run], who=STRANGERS["another visitor"])


def test_anybody_who_sees_a_run_may_measure_it_and_cancel_only_the_own_measurement(engine: Engine, run_id: str):
    other, third = STRANGERS["another visitor"], STRANGERS["signed in"]
    twin = _other(engine, run_id)
    engine.start_task("robustness", twin, who=other)
    with pytest.raises(RightsError, match="Only the owner"):
        engine.cancel_task("robustness", twin, who=third)
    engine.cancel_task("robustness", twin, who=other)
    assert engine.task_state("robustness", twin, who=ME).status == "stopped"
    hide(engine, run_id)
    with pytest.raises(StoreError, match="There is no run"):
        engine.start_task("robustness", twin, who=other)


def test_only_the_owner_and_the_administrator_are_given_a_traceback(engine: Engine, run_id: str):
    run_id, (words, details) = _other(engine, run_id), ("No memory was left.", "Traceback ... /home/me")
    engine.store.update(run_id, error=words, traceback=details)
    engine.start_task("robustness", run_id, who=ME)
    queue = WorkQueue(engine.store)
    for ticket in queue.waiting():
        for _ in range(MAX_DEATHS if ticket.kind == "task" else 0):
            queue.fail(ticket, words, details)
    for name, who in {"owner": ME, "administrator": ADMINISTRATOR, **STRANGERS}.items():
        is_shown = details if name in {"owner", "administrator"} else ""
        run, task = engine.store.get(run_id, who=who), engine.task_state("robustness", run_id, who=who)
        assert (run.error, run.traceback) == (words, is_shown), name
        assert (task.error, task.traceback) == (words, is_shown), name
