"""How rows are written: each only if it is there and, by a worker, only with the lease that it was given."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, delete, insert, update

from mnist_core.errors import StoreError
from mnist_core.runs import clock
from mnist_core.runs.rights import unknown
from mnist_core.runs.schema import artifacts, runs


class LeaseLostError(StoreError):
    """The run was deleted, or handed to another worker: whoever meets this stops and writes nothing more."""


def write_artifact(connection: Connection, key: str, kind: str, content: bytes) -> None:
    """Keep bytes under a key and a kind, replacing older ones."""
    connection.execute(delete(artifacts).where(artifacts.c.key == key, artifacts.c.kind == kind))
    values = {"key": key, "kind": kind, "content": content, "created_at_utc": clock.now()}
    connection.execute(insert(artifacts).values(values))


def touch(
    connection: Connection, key: str, lease: str | None, values: Mapping[str, object], table: Table = runs
) -> None:
    """Update a row if it is there and, where a lease is given, still has it. Every write begins with this."""
    query = update(table).where(table.c.id == key).values(values)
    if lease is not None:
        query = query.where(table.c.lease == lease)
    if connection.execute(query).rowcount:
        return
    if lease is None:
        raise unknown(key)
    raise LeaseLostError(f"{key} was deleted or handed to another worker.")
