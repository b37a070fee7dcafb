"""The tables of the run store, version 2.

store_info   one row: whose database this is, and the version of its schema
runs         one row a run: its recipe, state and outcome (see `Run`)
epochs       one row a run and epoch: all fields of `EpochResult`
points       one row for each point within the epochs of a short run: all fields of `Point`
checkpoints  one row a run: all that training needs to continue, replaced by the next one (.npz)
snapshots    parameters after 0, 1, 2, 5, 10, 20, 50 ... passes (float32, little-endian)
tasks        one row a run and thing to compute about it in a worker; the columns of the queue are those of runs
artifacts    results computed once and kept: a key (usually a run's id), a kind, and bytes
audit        one row for each thing that somebody did: who, what, when, with which run
administrators, banned   identities; what is banned may be a network address as well
server_state one row for each thing that the administrator has switched on for all, such as "read_only"
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from mnist_core.errors import StoreError
from mnist_core.runs.columns import ConfigText, ExactFloat, JsonText, UtcTime
from mnist_core.runs.upgrades import UPGRADES, Upgrades

PRODUCT = "mnist-dashboard"
VERSION = 2

metadata = MetaData()

store_info = Table(
    "store_info",
    metadata,
    Column("product", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("purpose", String(16), nullable=False, server_default=text("'run'")),  # "run" or "try"
    Column("preset", String(32), nullable=False),
    Column("config", ConfigText, nullable=False),
    Column("status", String(16), nullable=False),
    Column("requested", String(16), nullable=False),
    Column("owner", String(64), nullable=False),  # an identity: see `Who`
    Column("address", String(64), nullable=False, server_default=text("''")),  # that it was submitted from, for limits
    Column("visibility", String(16), nullable=False, server_default=text("'everybody'")),
    Column("deleted_at_utc", UtcTime),  # in the trash since then
    Column("pair_id", String(64)),
    Column("created_at_utc", UtcTime, nullable=False),
    Column("queued_at_utc", UtcTime, nullable=False),
    Column("started_at_utc", UtcTime),
    Column("finished_at_utc", UtcTime),
    Column("heartbeat_at_utc", UtcTime),  # the worker's sign of life
    Column("held_at_utc", UtcTime),  # the dispatcher's: "I have handed this run to my cluster"
    Column("lease", String(32), nullable=False),  # the one execution that may write
    Column("attempt", Integer, nullable=False),
    Column("deaths", Integer, nullable=False, server_default=text("0")),  # of workers, since the last progress
    Column("priority", Integer, nullable=False, server_default=text("0")),
    Column("epochs_done", Integer, nullable=False),
    Column("epoch_share", ExactFloat, nullable=False),
    Column("target_epochs", Integer, nullable=False),
    Column("train_s", ExactFloat, nullable=False),
    Column("dataset_name", Text, nullable=False),
    Column("dataset_fingerprint", String(64), nullable=False),
    Column("versions", JsonText, nullable=False),
    Column("threads", Integer),
    Column("worker", Text, nullable=False),
    Column("validation_accuracy", ExactFloat),
    Column("test_accuracy", ExactFloat),
    Column("temperature", ExactFloat),  # fitted on the images that the run did not learn from
    Column("test_correct", Integer),
    Column("test_count", Integer),
    Column("weights_sha256", String(64), nullable=False),
    Column("error", Text, nullable=False),
    Column("traceback", Text, nullable=False),
    Column("named", Boolean, nullable=False, server_default=text("FALSE")),  # by a person
    Column("pinned", Boolean, nullable=False, server_default=text("FALSE")),  # never deleted to make room
    Column("expected_bytes", BigInteger, nullable=False, server_default=text("0")),  # what it may come to take
    Index("runs_by_status", "status", "queued_at_utc"),
    Index("runs_by_creation", "created_at_utc"),
    Index("runs_by_start", "started_at_utc"),
)


def _run_id() -> Column[str]:
    return Column("run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


epochs = Table(
    "epochs",
    metadata,
    _run_id(),
    Column("epoch", Integer, primary_key=True),
    Column("cost", ExactFloat, nullable=False),
    Column("accuracy", ExactFloat, nullable=False),
    Column("validation_cost", ExactFloat),
    Column("validation_accuracy", ExactFloat),
    Column("learning_rate", ExactFloat, nullable=False),
    Column("gradient_norms", JsonText, nullable=False),
    Column("dead_shares", JsonText, nullable=False),
    Column("elapsed_s", ExactFloat, nullable=False),
    Column("samples_per_s", ExactFloat, nullable=False),
    Column("objective", ExactFloat),
)

points = Table(
    "points",
    metadata,
    _run_id(),
    Column("images_seen", BigInteger, primary_key=True, autoincrement=False),
    Column("epoch", Integer, nullable=False),
    Column("cost", ExactFloat, nullable=False),
    Column("accuracy", ExactFloat, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    _run_id(),
    Column("epochs_done", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    _run_id(),
    Column("epochs_done", Integer, primary_key=True),
    Column("parameters", LargeBinary, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("requested", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("share", ExactFloat, nullable=False),
    Column("queued_at_utc", UtcTime, nullable=False),
    Column("started_at_utc", UtcTime),
    Column("finished_at_utc", UtcTime),
    Column("heartbeat_at_utc", UtcTime),
    Column("held_at_utc", UtcTime),
    Column("lease", String(32), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("worker", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("traceback", Text, nullable=False),
    UniqueConstraint("run_id", "name"),
    Index("tasks_by_status", "status", "queued_at_utc"),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("created_at_utc", UtcTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at_utc", UtcTime, nullable=False),
    Column("identity", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("address", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Index("audit_by_time", "at_utc"),
)

administrators = Table(
    "administrators",
    metadata,
    Column("identity", String(64), primary_key=True),
    Column("since_utc", UtcTime, nullable=False),
)

banned = Table(
    "banned",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("since_utc", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
)

server_state = Table(
    "server_state",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)


def prepare(connection: Connection, version: int = VERSION, upgrades: Upgrades = UPGRADES) -> None:
    """Create the tables in an empty database, or upgrade an older one. To be called inside one write transaction.

    Raises
    ------
    StoreError
        The database belongs to something else, or to a newer version of this app.
    """
    if connection.dialect.name == "postgresql":
        # Two servers that start together must not both create the tables; the number is arbitrary.
        connection.execute(select(func.pg_advisory_xact_lock(784_128_64_10)))
    names = inspect(connection).get_table_names()
    if not names:
        metadata.create_all(connection)
        connection.execute(insert(store_info).values(product=PRODUCT, version=version))
        return
    found = _found_version(connection, names)
    if found > version:
        raise StoreError(
            f"The run store has schema version {found}; this app knows versions up to {version}. "
            "Update the app, or name another database in MNIST_DATABASE_URL."
        )
    for step in range(found + 1, version + 1):
        upgrades[step](connection)
    if found < version:
        connection.execute(update(store_info).values(version=version))


def _found_version(connection: Connection, names: list[str]) -> int:
    found = None
    if store_info.name in names:
        found = connection.scalar(select(store_info.c.version).where(store_info.c.product == PRODUCT))
    if found is None:
        raise StoreError(
            f"The database belongs to something else: expected an empty one or a run store, found the tables "
            f"{', '.join(sorted(names)[:5])}. Name another database in MNIST_DATABASE_URL."
        )
    return int(found)
