"""What may wait or run at a time: counted in the transaction that adds to it, so that nobody slips in between."""

from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select

from mnist_core.errors import LimitError
from mnist_core.runs.quota import Quota
from mnist_core.runs.run import ACTIVE, UNFINISHED
from mnist_core.runs.schema import runs, tasks
from mnist_core.runs.who import Who

_WORDS = {runs: "Runs", tasks: "Measurements"}


@dataclass(frozen=True, slots=True)
class Room:
    """How much there may be at a time.

    Attributes
    ----------
    mine
        Unfinished runs, or tasks, of one visitor. Paused runs count: they keep their place in the store.
    everybodys
        Runs, or tasks, of all visitors that wait for a worker or have one. What others have paused is in nobody's way.
    quota
        What runs may take on the disk; None for no limit.
    of_an_address
        Unfinished runs, or tasks, of all who come from one network address; None for no limit.
    """

    mine: int
    everybodys: int
    quota: Quota | None = None
    of_an_address: int | None = None


def one_at_a_time(connection: Connection) -> None:
    """Wait for others that add something, and let later ones wait until this transaction ends."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway; the number is arbitrary
        connection.execute(select(func.pg_advisory_xact_lock(784_128_64_11)))


def check_room(connection: Connection, table: Table, who: Who, room: Room | None, besides: str = "") -> None:
    """Raise LimitError if there is no room for one more. Nobody else adds anything until the transaction ends.

    What has the id `besides` is not counted: it is the one that wants to come in.
    """
    if room is None:
        return
    one_at_a_time(connection)
    count = select(func.count()).select_from(table).where(table.c.id != besides)
    if table is runs:
        count = count.where(runs.c.purpose == "run")
    mine = connection.scalar(count.where(table.c.owner == who.identity, table.c.status.in_(UNFINISHED))) or 0
    if mine >= room.mine:
        raise LimitError(
            f"{_WORDS[table]} at a time: at most {room.mine} of yours may wait, run or be paused, there are {mine}. "
            "Wait until one ends, or stop or delete one on the Runs page."
        )
    if who.address and room.of_an_address is not None:
        theirs = count.where(table.c.address == who.address, table.c.status.in_(UNFINISHED))
        if (connection.scalar(theirs) or 0) >= room.of_an_address:
            raise LimitError(
                f"{_WORDS[table]} at a time: at most {room.of_an_address} from one network address may wait, run or be "
                "paused. Others at yours have as many; wait until one ends."
            )
    everybodys = connection.scalar(count.where(table.c.status.in_(ACTIVE))) or 0
    if everybodys >= room.everybodys:
        raise LimitError(
            f"{_WORDS[table]} at a time: at most {room.everybodys} of all visitors may wait or run, there are "
            f"{everybodys}. Try again later."
        )
