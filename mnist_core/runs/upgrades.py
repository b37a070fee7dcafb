"""What brings a database of an older schema up to date. Databases of every version are out there, so these are frozen.

Each is written in SQL text and says nothing about today's tables, which will have changed again by the time it runs.
Until version 2 has been released, whoever needs a column adds it to the table in `schema` and here.
"""

import re
from collections.abc import Callable

from sqlalchemy import Connection, text

# Version -> what brings the version before it up to it.
Upgrades = dict[int, Callable[[Connection], None]]

# Each is added as `table ADD COLUMN definition`; where it may not be NULL, the default is what older rows get.
_COLUMNS_OF_VERSION_2 = (
    ("runs", "named BOOLEAN DEFAULT FALSE NOT NULL"),
    ("runs", "pinned BOOLEAN DEFAULT FALSE NOT NULL"),
    ("runs", "expected_bytes BIGINT DEFAULT 0 NOT NULL"),
    ("epochs", "objective DOUBLE PRECISION"),
    ("runs", "temperature DOUBLE PRECISION"),
    ("runs", "purpose VARCHAR(16) DEFAULT 'run' NOT NULL"),
    ("runs", "deaths INTEGER DEFAULT 0 NOT NULL"),
    ("runs", "priority INTEGER DEFAULT 0 NOT NULL"),
    ("runs", "address VARCHAR(64) DEFAULT '' NOT NULL"),
    ("runs", "visibility VARCHAR(16) DEFAULT 'everybody' NOT NULL"),
    ("runs", "deleted_at_utc {time}"),
)
# Until then, the cost of such runs was the objective; the cross-entropy is not known.
_MEASURED_WITH_SMOOTHED_LABELS = r"""
    UPDATE epochs SET objective = cost WHERE run_id IN
    (SELECT id FROM runs WHERE config LIKE '%"label_smoothing"\:%' AND config NOT LIKE '%"label_smoothing"\:0.0,%')
"""
_POINTS = """
    CREATE TABLE points (
        run_id VARCHAR(64) NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        images_seen BIGINT NOT NULL,
        epoch INTEGER NOT NULL,
        cost DOUBLE PRECISION NOT NULL,
        accuracy DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (run_id, images_seen)
    )
"""
_TASKS = """
    CREATE TABLE tasks (
        id VARCHAR(64) NOT NULL PRIMARY KEY,
        run_id VARCHAR(64) NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        name VARCHAR(64) NOT NULL,
        status VARCHAR(16) NOT NULL,
        requested VARCHAR(16) NOT NULL,
        owner VARCHAR(64) NOT NULL,
        address VARCHAR(64) NOT NULL,
        share DOUBLE PRECISION NOT NULL,
        queued_at_utc {time} NOT NULL,
        started_at_utc {time},
        finished_at_utc {time},
        heartbeat_at_utc {time},
        held_at_utc {time},
        lease VARCHAR(32) NOT NULL,
        attempt INTEGER NOT NULL,
        deaths INTEGER NOT NULL,
        priority INTEGER NOT NULL,
        worker TEXT NOT NULL,
        error TEXT NOT NULL,
        traceback TEXT NOT NULL,
        UNIQUE (run_id, name)
    )
"""
_TASKS_BY_STATUS = "CREATE INDEX tasks_by_status ON tasks (status, queued_at_utc)"
_AUDIT = """
    CREATE TABLE audit (
        id {serial} NOT NULL PRIMARY KEY,
        at_utc {time} NOT NULL,
        identity VARCHAR(64) NOT NULL,
        name TEXT NOT NULL,
        address VARCHAR(64) NOT NULL,
        action VARCHAR(32) NOT NULL,
        run_id VARCHAR(64) NOT NULL,
        detail TEXT NOT NULL
    )
"""
_RUNS_BY_START = "CREATE INDEX runs_by_start ON runs (started_at_utc)"
_AUDIT_BY_TIME = "CREATE INDEX audit_by_time ON audit (at_utc)"
_ADMINISTRATORS = "CREATE TABLE administrators (identity VARCHAR(64) NOT NULL PRIMARY KEY, since_utc {time} NOT NULL)"
_BANNED = """
    CREATE TABLE banned (subject VARCHAR(64) NOT NULL PRIMARY KEY, since_utc {time} NOT NULL, reason TEXT NOT NULL)
"""
_SERVER_STATE = "CREATE TABLE server_state (key VARCHAR(32) NOT NULL PRIMARY KEY, value TEXT NOT NULL)"
_NEW_TABLES_OF_VERSION_2 = (
    _POINTS,
    _TASKS,
    _TASKS_BY_STATUS,
    _RUNS_BY_START,
    _AUDIT,
    _AUDIT_BY_TIME,
    _ADMINISTRATORS,
    _BANNED,
    _SERVER_STATE,
)
_AUTOMATIC_NAME = re.compile(r"[a-z]+-[a-z]+-\d\d( twin)?")


def _to_version_2(connection: Connection) -> None:
    is_postgresql = connection.dialect.name == "postgresql"
    types = {"time": "TIMESTAMP", "serial": "SERIAL"} if is_postgresql else {"time": "DATETIME", "serial": "INTEGER"}
    for table, definition in _COLUMNS_OF_VERSION_2:
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {definition.format(**types)}"))
    connection.execute(text("ALTER TABLE runs RENAME COLUMN visitor TO owner"))
    connection.execute(text(_MEASURED_WITH_SMOOTHED_LABELS))
    for statement in _NEW_TABLES_OF_VERSION_2:
        connection.execute(text(statement.format(**types)))
    # How far a task was is now in its row; its result is in an artifact as before.
    connection.execute(text("DELETE FROM artifacts WHERE kind LIKE '%.state'"))
    names = connection.execute(text("SELECT id, name FROM runs"))
    own = [{"id": run_id} for run_id, name in names if not _AUTOMATIC_NAME.fullmatch(name)]
    if own:
        connection.execute(text("UPDATE runs SET named = TRUE WHERE id = :id"), own)


UPGRADES: Upgrades = {2: _to_version_2}
