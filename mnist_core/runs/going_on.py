"""Let runs that do not move go on: paused ones, those that failed, and ended ones for more epochs."""

from sqlalchemy import Connection, case, delete

from mnist_core.errors import EngineError
from mnist_core.runs import clock
from mnist_core.runs.admission import Room, check_room
from mnist_core.runs.audit import note
from mnist_core.runs.names import matching_preset
from mnist_core.runs.quota import make_room
from mnist_core.runs.rights import check_owner
from mnist_core.runs.rows import touch
from mnist_core.runs.run import ENDED, Run
from mnist_core.runs.schema import artifacts, runs, tasks
from mnist_core.runs.size import expected_bytes
from mnist_core.runs.store import RunStore
from mnist_core.runs.who import Who

_RESUMABLE = ("paused", "failed")
_EXTENSIBLE = ("stopped", "finished")


def go_on(store: RunStore, run_id: str, target_epochs: int, *, who: Who, room: Room | None = None) -> None:
    """Let a paused or failed run go on to `target_epochs`; one that has not paused yet forgets that it should.

    Raises
    ------
    EngineError
        The run has ended otherwise than by failure.
    LimitError
        There is no `room` for it.
    RightsError
        It is another's.
    """
    run = store.get(run_id, who=who)
    with store.database.write() as connection:
        status = check_owner(connection, run_id, who, "resume").status
        still_to_stop = case((runs.c.requested == "stop", "stop"), else_="")
        if status in _RESUMABLE:
            _queue(connection, store, run, room, {"target_epochs": target_epochs})
        elif status in ENDED:
            raise EngineError(f"{run.name} has ended ({status}) and cannot go on. Run it again instead.")
        else:
            touch(connection, run_id, None, {"requested": still_to_stop, "target_epochs": target_epochs})
        note(connection, who, "resume", run_id, run.name)


def extend(store: RunStore, run: Run, epochs: int, *, who: Who, room: Room | None = None) -> None:
    """Let a run that was stopped or has finished go on to `epochs` in all, from its last checkpoint.

    Its score on the test set and what was computed about its network are dropped: they are measured again at the end.

    Raises
    ------
    EngineError
        The run was not stopped and has not finished.
    LimitError
        There is no `room` for it.
    RightsError
        It is another's.
    """
    config = run.config.model_copy(update={"epochs": epochs})
    recipe = {"config": config, "preset": matching_preset(config), "target_epochs": epochs, "weights_sha256": ""}
    recipe["expected_bytes"] = expected_bytes(config)
    score = dict.fromkeys(("test_accuracy", "test_correct", "test_count"), None)
    with store.database.write() as connection:
        status = check_owner(connection, run.id, who, "train").status
        if status not in _EXTENSIBLE:
            raise EngineError(f"{run.name} is {status}. Only a run that was stopped or has finished can be extended.")
        _queue(connection, store, run, room, recipe | score)
        connection.execute(delete(tasks).where(tasks.c.run_id == run.id))
        connection.execute(delete(artifacts).where(artifacts.c.key == run.id))
        note(connection, who, "extend", run.id, run.name)


def _queue(connection: Connection, store: RunStore, run: Run, room: Room | None, values: dict[str, object]) -> None:
    # An administrator may let another's run go on: it counts as its owner's.
    check_room(connection, runs, Who(run.owner), room, besides=run.id)
    signs = dict.fromkeys(("held_at_utc", "heartbeat_at_utc", "finished_at_utc"))
    cleared = dict.fromkeys(("requested", "lease", "error", "traceback"), "")
    queued = {"status": "queued", "queued_at_utc": clock.now(), "deaths": 0}
    touch(connection, run.id, None, {**queued, **signs, **cleared, **values})
    if room is not None and room.quota is not None:
        # The run is in the sum already, and as one that waits it does not make room for itself.
        make_room(connection, room.quota, Who(run.owner), 0, store.database.free_bytes())
