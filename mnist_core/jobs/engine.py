"""The engine: what pages ask to start, pause, resume, step, stop and delete runs."""

from collections.abc import Mapping

from mnist_core.data import load_mnist
from mnist_core.errors import EngineError
from mnist_core.jobs.dispatcher import Dispatcher
from mnist_core.jobs.health import WorkerHealth
from mnist_core.jobs.limits import check_config, check_extension, check_goes_on, check_keras, check_try, room
from mnist_core.jobs.tasks import NEED_KERAS, TASKS, Task
from mnist_core.runs import Kind, Run, RunStore, Who
from mnist_core.runs.administration import PAUSED, check_administrator
from mnist_core.runs.going_on import extend, go_on
from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.tasks import TaskState, TaskStore
from mnist_core.runs.tries import BOUND_S, add_try, measured
from mnist_core.runs.wait import expected_wait_s
from mnist_core.settings import Settings
from mnist_core.settings import settings as environment_settings
from mnist_core.training.config import TrainingConfig
from mnist_core.training.fair import HELD_OUT
from mnist_core.training.foresee import fit_into, speed

# What is foreseen may be off by a third.
MARGIN = 0.75


class Engine:
    """Hands runs to Dask workers. One for a server, created once; no method waits for the cluster.

    Whatever changes a run raises RightsError where it is another's, or `who` may change nothing just now.

    Runs that an earlier server left queued or running go on by themselves.

    Parameters
    ----------
    store
        Where runs are kept; None opens the default store.
    settings
        Limits, workers and scheduler address; None reads the environment.
    tasks
        What `start_task` can compute.
    """

    def __init__(
        self, store: RunStore | None = None, settings: Settings | None = None, tasks: Mapping[str, Task] = TASKS
    ) -> None:
        self._settings = settings or environment_settings()
        self.store = store or RunStore()
        self._queue, self._tasks = WorkQueue(self.store), TaskStore(self.store)
        self._room, self._known_tasks = room(self._settings), tasks
        self._dispatcher = Dispatcher(self.store, self._settings, tasks)
        self._closed = False

    @property
    def problem(self) -> str:
        """Why no worker can be reached just now, in words for a page, or ""."""
        return self._dispatcher.problem

    def submit(
        self,
        config: TrainingConfig,
        *,
        who: Who,
        kind: Kind = "numpy",
        name: str | None = None,
        target_epochs: int | None = None,
        pair_id: str | None = None,
    ) -> str:
        """Queue a run of `who` and return its id. With `target_epochs`, it pauses after so many passes.

        Raises
        ------
        LimitError
            The config, or the runs of `who` or of everybody, exceed a limit; or Keras may not be used here.
        EngineError
            The engine was closed.
        """
        config = TrainingConfig.model_validate(config.model_dump())
        check_config(config, self._settings)
        if kind == "keras":
            check_keras(self._settings)
        self._check_open()
        run = self.store.create(
            config,
            who=who,
            kind=kind,
            name=name,
            target_epochs=target_epochs,
            pair_id=pair_id,
            room=self._room,
        )
        self._dispatcher.wake()
        return run.id

    def submit_try(self, config: TrainingConfig, *, who: Who) -> str:
        """Queue a try and return its id; the older one of `who` ends, as `mnist_core.runs.tries` says.

        A try holds images out (5,000 where the config has none) and is never judged on the test set. It trains for at
        most three seconds.

        Raises
        ------
        LimitError
            The config, everybody's tries, or those from one network address, exceed a limit.
        EngineError
            The engine was closed.
        """
        config = _of_a_try(config)
        check_config(config, self._settings)
        check_try(config)
        self._check_open()
        most, of_an_address = self._settings.max_queued_runs, self._settings.max_tries_per_address
        try_id = add_try(self.store, config, most, who=who, most_of_an_address=of_an_address)
        self._dispatcher.wake()
        return try_id

    def keep_try(self, try_id: str, *, who: Who) -> str:
        """Train a try's recipe again as a run, to be listed, kept and judged on the test set, and return the run's id.

        On as many threads it gets the same weights, bit for bit, if the try was not ended early.

        Raises
        ------
        EngineError
            It is no try, or the engine was closed.
        LimitError
            As for `submit`.
        """
        return self.submit(self._try(try_id, who).config, who=who)

    def train_on_all(self, try_id: str, *, who: Who) -> str:
        """Train a try's recipe as a run on all images that it does not hold out, and return the run's id.

        Raises
        ------
        EngineError, LimitError
            As for `keep_try`.
        """
        config = self._try(try_id, who).config
        return self.submit(config.model_copy(update={"train_size": TrainingConfig().train_size}), who=who)

    def foresee(self, config: TrainingConfig) -> TrainingConfig:
        """Return the recipe with as many training images as a try has time for, going by the newest tries here."""
        available = len(load_mnist().train)
        return fit_into(_of_a_try(config), MARGIN * BOUND_S, speed(measured(self.store), available), available)

    def pause(self, run_id: str, *, who: Who) -> None:
        """Pause a queued or running run; a worker follows within a second, in the middle of an epoch too."""
        self.store.request(run_id, "pause", who=who)

    def pause_all(self, *, who: Who) -> int:
        """Pause every run that waits or runs, and hold back all work, for an administrator; return how many runs.

        Until `let_go_on`, runs that owners resume, tries and measurements wait. Measurements under way go on.

        Raises
        ------
        RightsError
            `who` is no administrator.
        """
        self.store.switch(PAUSED, "on", who=who)
        active = [run for run in self.store.list_runs(who=who) if run.is_active]
        for run in active:
            self.store.request(run.id, "pause", who=who)
        return len(active)

    def let_go_on(self, *, who: Who) -> None:
        """Hand out work again, for an administrator. Runs that were paused stay so until their owners resume them.

        Raises
        ------
        RightsError
            `who` is no administrator.
        """
        self.store.switch(PAUSED, "", who=who)
        self._dispatcher.wake()

    def workers(self, *, who: Who) -> tuple[WorkerHealth, ...]:
        """Return how each worker is, for an administrator; none while no scheduler can be reached.

        Raises
        ------
        RightsError
            `who` is no administrator.
        """
        check_administrator(who)
        return self._dispatcher.workers()

    def resume(self, run_id: str, *, who: Who) -> None:
        """Let a paused or failed run, or one that is about to pause, go on from its checkpoint to its last epoch.

        Raises
        ------
        EngineError
            The run has ended otherwise, or the engine was closed.
        LimitError
            As for `submit`.
        """
        self._go_on(run_id, self.store.get(run_id, who=who).config.epochs, who)

    def extend(self, run_id: str, epochs: int, *, who: Who) -> None:
        """Let a run that was stopped or has finished go on to `epochs` in all. It is judged again at its end.

        Raises
        ------
        EngineError
            The run cannot go on so that it ends as one of so many epochs would; or the engine was closed.
        LimitError
            As for `submit`.
        """
        run = self.store.get(run_id, who=who)
        check_goes_on(run)
        check_extension(run, epochs, self._settings)
        self._check_open()
        extend(self.store, run, epochs, who=who, room=self._room)
        self._dispatcher.wake()

    def step(self, run_id: str, *, who: Who) -> None:
        """Do one epoch, then pause: a running run finishes the pass under way, a paused or queued one does the next."""
        run = self.store.get(run_id, who=who)
        if run.status == "running":
            self.store.request(run_id, "step", who=who)
        elif not run.has_ended:
            self._go_on(run_id, run.epochs_done + 1, who)

    def stop(self, run_id: str, *, who: Who) -> None:
        """End a queued, running or paused run for good; what it learnt so far is kept."""
        self.store.request(run_id, "stop", who=who)

    def delete(self, run_id: str, *, who: Who) -> None:
        """Put a run into the trash; its worker notices within a second and stops."""
        self.store.delete(run_id, who=who)

    def queue_position(self, run_id: str, *, who: Who) -> int | None:
        """Return 1 for the run that is next, 2 for the one after it ...; None for a run that is not waiting."""
        return self._queue.position(run_id, who=who)

    def expected_wait_s(self, run_id: str, *, who: Who) -> float | None:
        """Return the seconds until a waiting run probably begins; None for one that is not waiting."""
        return expected_wait_s(self.store, self.store.get(run_id, who=who), self._settings.workers, who=who)

    def start_task(self, task: str, run_id: str, *, who: Who) -> None:
        """Compute something about a run in a worker, such as "robustness"; `jobs.tasks.TASKS` says what there is.

        Nothing happens if it is under way or was done: the result is the store's artifact (`run_id`, `task`).

        Raises
        ------
        EngineError
            There is no such task, or the engine was closed.
        StoreError
            There is no such run.
        LimitError
            `who`, or everybody, has as many tasks under way as allowed; or Keras may not be used here.
        """
        if task not in self._known_tasks:
            raise EngineError(f"task: expected one of {', '.join(self._known_tasks) or 'none'}, received {task!r}.")
        if task in NEED_KERAS:
            check_keras(self._settings)
        self._check_open()
        self._tasks.add(self.store.get(run_id, who=who).id, task, who=who, room=self._room)
        self._dispatcher.wake()

    def cancel_task(self, task: str, run_id: str, *, who: Who) -> None:
        """Stop a task that waits or is under way; its worker follows within a second. It can be started again."""
        self._tasks.cancel(run_id, task, who=who)

    def task_state(self, task: str, run_id: str, *, who: Who) -> TaskState:
        """Return how far a task is; status "" if nobody started it."""
        return self._tasks.state(run_id, task, who=who)

    def close(self) -> None:
        """End the local cluster, if there is one. Runs under way go on at the next start, from their checkpoints."""
        self._closed = True
        self._dispatcher.close()

    def _try(self, try_id: str, who: Who) -> Run:
        found = self.store.get(try_id, who=who)
        if found.purpose != "try":
            raise EngineError(f"{found.name} is a run already. See it on the Training page.")
        return found

    def _go_on(self, run_id: str, target_epochs: int, who: Who) -> None:
        self._check_open()
        check_goes_on(self.store.get(run_id, who=who))
        go_on(self.store, run_id, target_epochs, who=who, room=self._room)
        self._dispatcher.wake()

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError("The training engine was closed, as the server is ending. Start the server again.")


def _of_a_try(config: TrainingConfig) -> TrainingConfig:
    """Return a valid recipe that holds images out."""
    config = TrainingConfig.model_validate(config.model_dump())
    return config.model_copy(update={"validation_size": config.validation_size or HELD_OUT})
