"""Whose turn it is: a fair order for what waits, however much somebody has queued.

Interrupted work comes first, then what has the higher priority. Within that, network addresses take turns, and the
owners behind one address among themselves: who has the least under way comes next, then who has waited longest since
their last start. So fifty runs of one person delay another's first by no more than the run that is just being trained,
and a hundred made-up cookies of one machine get no more than their address's turn.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, Table, exists, func, or_, select

from mnist_core.runs import clock
from mnist_core.runs.schema import runs, tasks

# Who has started nothing for so long counts as new.
_REMEMBERED_S = 3600
# A dispatcher gives what waits to a free worker sooner than this.
_HANDED_OUT_S = 1.5
_NEVER, _NOW = (moment.replace(tzinfo=UTC) for moment in (datetime.min, datetime.max))


# What a worker does side by side: tries, for which somebody waits in front of a slider, and all else.
Lane = Literal["work", "try"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece of work that waits: which it is, whose it is, and what decides its turn."""

    kind: Literal["run", "task"]
    id: str
    attempt: int
    is_interrupted: bool
    priority: int
    queued_at_utc: datetime
    owner: str
    address: str
    lane: Lane = "work"


@dataclass(frozen=True, slots=True)
class Lately:
    """What owners, or addresses, have under way, and when they last started something."""

    running: Mapping[str, int] = field(default_factory=dict)
    started: Mapping[str, datetime] = field(default_factory=dict)


def in_turn(waiting: Iterable[Waiting], owners: Lately, addresses: Lately) -> list[Waiting]:
    """Return what waits in the order in which to hand it out."""
    classes: dict[tuple[bool, int], list[Waiting]] = defaultdict(list)
    for work in waiting:
        classes[not work.is_interrupted, -work.priority].append(work)
    ordered = []
    for _, alike in sorted(classes.items()):
        alike.sort(key=lambda work: (work.queued_at_utc, work.id))
        by_owner = _round_robin(alike, lambda work: work.owner, owners)
        ordered += _round_robin(by_owner, lambda work: work.address, addresses)
    return ordered


def _round_robin(waiting: Sequence[Waiting], whose: Callable[[Waiting], str], lately: Lately) -> list[Waiting]:
    """Let everybody take turns; each one's own work keeps its order."""
    taken: Counter[str] = Counter()
    turns = []
    for place, work in enumerate(waiting):
        me = whose(work)
        before = lately.started.get(me, _NEVER)
        # Whoever has had a turn in this very list has started last; those keep the order of their first turns.
        started = _NOW if taken[me] else before
        turns.append((lately.running.get(me, 0) + taken[me], started, before, place, work))
        taken[me] += 1
    return [work for *_, work in sorted(turns, key=lambda turn: turn[:4])]


def others_wait(run: Table) -> ColumnElement[bool]:
    """Match a run that keeps somebody waiting: one who has nothing under way, and whom no free worker has taken up."""
    patience = clock.now(-_HANDED_OUT_S)
    waits = []
    for table in (runs, tasks):
        rival, theirs = table.alias(), runs.alias()
        has_none = ~exists().where(theirs.c.owner == rival.c.owner, theirs.c.status == "running")
        conditions = [
            rival.c.status == "queued",
            rival.c.held_at_utc.is_(None),
            rival.c.queued_at_utc < patience,
            rival.c.owner != run.c.owner,
            rival.c.priority >= run.c.priority,
        ]
        # Tries have workers' time of their own, and the second half of a pair waits for the first.
        if table is runs:
            conditions += [rival.c.purpose != "try", rival.c.kind == "numpy"]
        waits.append(exists().where(*conditions, has_none))
    return or_(*waits)


def lately(connection: Connection) -> tuple[Lately, Lately]:
    """Return what owners, and what addresses, have under way and have started in the last hour."""
    running: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    started: tuple[dict[str, datetime], dict[str, datetime]] = ({}, {})
    for table in (runs, tasks):
        for owner, address, count, last in connection.execute(_lately_of(table)):
            for i, whose in enumerate((owner, address)):
                running[i][whose] += count
                if last is not None:
                    started[i][whose] = max(last, started[i].get(whose, _NEVER))
    return Lately(running[0], started[0]), Lately(running[1], started[1])


def _lately_of(table: Table) -> Select[Any]:
    under_way = or_(table.c.status == "running", (table.c.status == "queued") & table.c.held_at_utc.is_not(None))
    recent = or_(under_way, table.c.started_at_utc > clock.now(-_REMEMBERED_S))
    count = func.count().filter(under_way)
    query = select(table.c.owner, table.c.address, count, func.max(table.c.started_at_utc))
    return query.where(recent).group_by(table.c.owner, table.c.address)
