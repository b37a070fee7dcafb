"""Whatever servers and workers do, and whenever they die: one writer at a time, nothing lost, deaths bounded."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from mnist_core.errors import EngineError
from mnist_core.runs import ACTIVE, OPERATOR, RunStore
from mnist_core.runs.going_on import go_on
from mnist_core.runs.queue import MAX_DEATHS, STALE_AFTER_S, Orders, Ticket, WorkQueue
from mnist_core.runs.rows import LeaseLostError
from mnist_core.runs.schema import runs, tasks
from mnist_core.runs.tasks import TaskStore
from mnist_core.training import Checkpoint, TrainingConfig

CONFIG = TrainingConfig(epochs=30)
Work = tuple[Ticket, str]


class QueueMachine(RuleBasedStateMachine):
    """Runs and a task for each, servers that hold tickets, workers that hold leases, and the clock."""

    ids = Bundle("ids")
    tickets = Bundle("tickets")
    workers = Bundle("workers")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = RunStore(f"sqlite:///{Path(self.folder.name) / 'runs.sqlite3'}")
        self.queue, self.tasks = WorkQueue(self.store), TaskStore(self.store)
        self.made: list[str] = []
        self.begun: dict[tuple[str, str], list[Work]] = {}  # all that ever claimed a piece of work, oldest first

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    # People

    @rule(target=ids)
    def submit(self) -> str:
        self.made.append(self.store.create(CONFIG, who=OPERATOR).id)
        return self.made[-1]

    @rule(run_id=ids)
    def start_task(self, run_id: str) -> None:
        self.tasks.add(run_id, "robustness", who=OPERATOR)

    @rule(run_id=ids, action=st.sampled_from(["pause", "step", "stop"]))
    def request(self, run_id: str, action: str) -> None:
        before = self.store.get(run_id, who=OPERATOR)
        self.store.request(run_id, action, who=OPERATOR)
        if before.has_ended:
            assert self.store.get(run_id, who=OPERATOR) == before

    @rule(run_id=ids)
    def resume(self, run_id: str) -> None:
        before = self.store.get(run_id, who=OPERATOR)
        try:
            go_on(self.store, run_id, CONFIG.epochs, who=OPERATOR)
        except EngineError:
            assert before.status in {"finished", "stopped"}
        else:
            assert self.store.get(run_id, who=OPERATOR).status in ACTIVE

    # Servers

    @rule(target=tickets, place=st.integers(0, 3))
    def take(self, place: int) -> Ticket:
        waiting = self.queue.waiting()
        if not waiting:
            return Ticket("run", "nothing", 0)
        seen = waiting[place % len(waiting)]
        taken = self.queue.take(seen)
        assert self.queue.take(seen) is None  # nobody gets it twice
        return taken or seen

    @rule(ticket=tickets)
    def hold(self, ticket: Ticket) -> None:
        self.queue.hold([ticket])

    @rule(ticket=tickets, how=st.sampled_from(["release", "lose", "fail"]))
    def give_back(self, ticket: Ticket, how: str) -> None:
        if how == "fail":
            self.queue.fail(ticket, "words", "trace")
        else:
            (self.queue.release if how == "release" else self.queue.lose)([ticket])

    @rule()
    def everybody_is_silent(self) -> None:
        """Time passes, and nobody shows a sign of life: all servers and workers have died, or are cut off."""
        old = datetime.now(UTC) - timedelta(seconds=STALE_AFTER_S + 60)
        for table in (runs, tasks):
            held = table.c.held_at_utc.is_not(None)
            alive = table.c.heartbeat_at_utc.is_not(None)
            with self.store.database.write() as connection:
                connection.execute(table.update().where(held).values(held_at_utc=old))
                connection.execute(table.update().where(alive).values(heartbeat_at_utc=old))

    # Workers

    @rule(target=workers, ticket=tickets)
    def claim(self, ticket: Ticket) -> Work:
        return self._claim(ticket)

    def _claim(self, ticket: Ticket) -> Work:
        lease = self.queue.claim(ticket)
        if lease is None:
            return ticket, "none"
        self.begun.setdefault((ticket.kind, ticket.id), []).append((ticket, lease))
        return ticket, lease

    @rule(ticket=tickets, times=st.integers(2, MAX_DEATHS + 1))
    def workers_die_over(self, ticket: Ticket, times: int) -> None:
        """Worker after worker begins and dies, and Dask hands the same ticket to the next."""
        for _ in range(times):
            self._claim(ticket)

    @rule(work=workers, epochs_done=st.integers(0, 5))
    def save_checkpoint(self, work: Work, epochs_done: int) -> None:
        ticket, lease = work
        if ticket.kind == "task":
            return
        checkpoint = self.store.load_checkpoint(ticket.id, who=OPERATOR)
        done = checkpoint.epochs_done if checkpoint else 0
        try:
            self.store.save_checkpoint(ticket.id, Checkpoint(done + epochs_done, np.zeros(3)), lease=lease)
        except LeaseLostError:
            return
        if checkpoint and epochs_done:
            assert self.store.get(ticket.id, who=OPERATOR).deaths == 0

    @rule(work=workers)
    def leave_if_asked(self, work: Work) -> None:
        ticket, lease = work
        try:
            orders: Orders = self.queue.orders(ticket, lease)
        except LeaseLostError:
            return
        if ticket.kind == "run" and orders.requested:
            status = "stopped" if orders.requested == "stop" else "paused"
            assert self.queue.leave(ticket, lease, orders, {"status": status})

    @rule(work=consumes(workers))
    def finish(self, work: Work) -> None:
        ticket, lease = work
        try:
            if ticket.kind == "run":
                self.queue.end(ticket, lease, "finished")
            else:
                self.tasks.finish(ticket.id, lease, b"result")
        except LeaseLostError:
            return

    # What always holds

    @invariant()
    def one_writer_at_a_time(self) -> None:
        for begun in self.begun.values():
            able = [work for work in begun if self._may_write(work)]
            assert able in ([], begun[-1:])

    def _may_write(self, work: Work) -> bool:
        try:
            self.queue.orders(*work)
        except LeaseLostError:
            return False
        return True

    @invariant()
    def nothing_is_lost(self) -> None:
        listed = {run.id: run for run in self.store.list_runs(who=OPERATOR)}
        assert set(listed) == set(self.made)
        waiting = self.queue.waiting()
        assert len(set(waiting)) == len(waiting)
        for ticket in waiting:
            assert ticket.kind == "task" or listed[ticket.id].status in ACTIVE
        for run in listed.values():
            assert run.deaths <= MAX_DEATHS
            assert (run.status == "failed") == (run.deaths == MAX_DEATHS)

    @invariant()
    def the_order_is_fair(self) -> None:
        listed = {run.id: run for run in self.store.list_runs(who=OPERATOR)}
        waiting = [listed[ticket.id] for ticket in self.queue.waiting() if ticket.kind == "run"]
        assert waiting == sorted(waiting, key=lambda run: (run.status != "running", run.queued_at_utc, run.id))


TestQueue = QueueMachine.TestCase
TestQueue.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
