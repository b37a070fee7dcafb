"""Let runs that do not move go on: paused ones, those that failed, and ended ones for more epochs."""

from sqlalchemy import Connection, case, delete, select

from mnist_core.errors import EngineError
from mnist_core.runs import clock
from mnist_core.runs.admission import Room, check_room
from mnist_core.runs.names import matching_preset
from mnist_core.runs.run import ENDED, Run
from mnist_core.runs.schema import artifacts, runs, tasks
from mnist_core.runs.store import RunStore, touch

_RESUMABLE = ("paused", "failed")
_EXTENSIBLE = ("stopped", "finished")


def go_on(store: RunStore, run_id: str, target_epochs: int, room: Room | None = None) -> None:
    """Let a paused or failed run go on to `target_epochs`; one that has not paused yet forgets that it should.

    Raises
    ------
    EngineError
        The run has ended otherwise than by failure.
    LimitError
        There is no `room` for it.
    """
    run = store.get(run_id)
    with store.database.write() as connection:
        status = connection.scalar(select(runs.c.status).where(runs.c.id == run_id).with_for_update())
        still_to_stop = case((runs.c.requested == "stop", "stop"), else_="")
        if status in _RESUMABLE:
            _queue(connection, run, room, {"target_epochs": target_epochs})
        elif status in ENDED:
            raise EngineError(f"{run.name} has ended ({status}) and cannot go on. Run it again instead.")
        else:
            touch(connection, run_id, None, {"requested": still_to_stop, "target_epochs": target_epochs})


def extend(store: RunStore, run: Run, epochs: int, room: Room | None = None) -> None:
    """Let a run that was stopped or has finished go on to `epochs` in all, from its last checkpoint.

    Its score on the test set and what was computed about its network are dropped: they are measured again at the end.

    Raises
    ------
    EngineError
        The run was not stopped and has not finished.
    LimitError
        There is no `room` for it.
    """
    config = run.config.model_copy(update={"epochs": epochs})
    recipe = {"config": config, "preset": matching_preset(config), "target_epochs": epochs, "weights_sha256": ""}
    score = dict.fromkeys(("test_accuracy", "test_correct", "test_count"), None)
    with store.database.write() as connection:
        status = connection.scalar(select(runs.c.status).where(runs.c.id == run.id).with_for_update())
        if status not in _EXTENSIBLE:
            raise EngineError(f"{run.name} is {status}. Only a run that was stopped or has finished can be extended.")
        _queue(connection, run, room, recipe | score)
        connection.execute(delete(tasks).where(tasks.c.run_id == run.id))
        connection.execute(delete(artifacts).where(artifacts.c.key == run.id))


def _queue(connection: Connection, run: Run, room: Room | None, values: dict[str, object]) -> None:
    check_room(connection, runs, run.visitor, room, besides=run.id)
    signs = dict.fromkeys(("held_at_utc", "heartbeat_at_utc", "finished_at_utc"))
    cleared = dict.fromkeys(("requested", "lease", "error", "traceback"), "")
    queued = {"status": "queued", "queued_at_utc": clock.now(), "deaths": 0}
    touch(connection, run.id, None, {**queued, **signs, **cleared, **values})
