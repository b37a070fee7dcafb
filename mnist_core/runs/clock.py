"""The database's clock, the only one that all servers and workers share: leases and signs of life go by it."""

from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from mnist_core.runs.columns import UtcTime


def now(offset_s: float = 0.0) -> ColumnElement[Any]:
    """Return, in SQL, the present time or that `offset_s` seconds later, as a UtcTime is kept.

    It is what the clock shows when the statement is executed, not when its transaction began, which may have waited
    for a lock. SQLite tells milliseconds, PostgreSQL microseconds.
    """
    return _Now(literal(float(offset_s)))


class _Now(FunctionElement[Any]):
    inherit_cache = True
    type = UtcTime()


@compiles(_Now, "sqlite")
def _sqlite(element: _Now, compiler: SQLCompiler, **options: Any) -> str:
    # The zeros make microseconds of it, as all other times have them: they are compared as text.
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {compiler.process(element.clauses, **options)} || ' seconds')"


@compiles(_Now, "postgresql")
def _postgresql(element: _Now, compiler: SQLCompiler, **options: Any) -> str:
    offset = f"make_interval(secs => {compiler.process(element.clauses, **options)})"
    return f"((clock_timestamp() AT TIME ZONE 'UTC') + {offset})"
