# ruff: noqa: D102 - the classes say what their methods do
"""Column types that bring a value back exactly as it went in, on SQLite and on PostgreSQL."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from textwrap import shorten

from pydantic import ValidationError
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, UserDefinedType

from mnist_core.training.config import TrainingConfig, explain


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC without zone, because SQLite has no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class ExactFloat(UserDefinedType[float]):
    """A float64 that may be NaN or infinite. SQLite turns NaN into NULL, so there it is kept as the text "nan"."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "DOUBLE PRECISION"

    def bind_processor(self, dialect: Dialect) -> Callable[[float | None], float | str | None]:
        is_sqlite = dialect.name == "sqlite"

        def bind(value: float | None) -> float | str | None:
            number = None if value is None else float(value)
            return "nan" if is_sqlite and number is not None and math.isnan(number) else number

        return bind

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[float | str | None], float | None]:
        return lambda value: None if value is None else float(value)


class JsonText(TypeDecorator[object]):
    """A list or an object as JSON text, NaN and infinities included, which a JSON column would refuse."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:
        return json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        return None if value is None else json.loads(value)


@dataclass(frozen=True, slots=True)
class UnreadableConfig:
    """The text of a config that this release does not understand, and why."""

    text: str
    problem: str


class ConfigText(TypeDecorator[TrainingConfig | UnreadableConfig]):
    """A TrainingConfig as the JSON of all its fields. One that cannot be read must not fail the rows around it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: TrainingConfig | UnreadableConfig | None, dialect: Dialect) -> str | None:
        if isinstance(value, UnreadableConfig):
            return value.text
        return None if value is None else value.model_dump_json()

    def process_result_value(self, value: str | None, dialect: Dialect) -> TrainingConfig | UnreadableConfig | None:
        if value is None:
            return None
        try:
            return TrainingConfig.model_validate_json(value)
        except ValidationError as error:
            return UnreadableConfig(value, shorten(explain(error), 300, placeholder=" ..."))
