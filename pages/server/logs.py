"""The log: one line of JSON for each event, without secrets, whatever the event's words hold."""

import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from pydantic import SecretStr

from mnist_core.settings import settings
from pages.shared import presence

_log = logging.getLogger(__name__)
# What an event may say besides its words; given as `extra` where it is logged.
FIELDS = ("incident", "who", "page", "duration_s", "outcome")
_LOGGERS = ("mnist_core", "pages")
_OF_OTHERS = ("streamlit", "uvicorn", "websockets", "distributed")
# In the address of a database, for example.
_PASSWORD = re.compile(r"(\w://[^/\s:@]*:)[^/\s@]+(?=@)")
# What has the form of our cookie, of the administrator's token or of Streamlit's signed cookies.
_TOKEN = re.compile(r"(?<![\w-])(?:[\w-]{43}|\d\|[\w|:=.+/-]{40,}|eyJ[\w.-]{20,})(?![\w-])")
_HIDDEN = "[hidden]"


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON: when, how grave, where, what, and those of `FIELDS` that are known."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        known = {field: getattr(record, field) for field in FIELDS if getattr(record, field, None) not in (None, "")}
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **known,
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps({key: _clean(value) for key, value in line.items()}, ensure_ascii=False)


class InWhoseName(logging.Filter):
    """Adds whose page has logged a record, and which page it is; nothing outside of a page."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        window = presence.mine()
        if window is not None:
            record.__dict__.update(who=window.who.identity[:8], page=window.page)
        return True


def begin() -> None:
    """Write what the app and the libraries around it log as lines of JSON to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    handler.addFilter(InWhoseName())
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] in _OF_OTHERS:
            for theirs in logging.getLogger(name).handlers:
                theirs.setFormatter(handler.formatter)


@contextmanager
def shown() -> Iterator[None]:
    """Note that a page was shown, and how long that took."""
    began = time.monotonic()
    try:
        yield
    finally:
        _log.info("Shown", extra={"duration_s": round(time.monotonic() - began, 3)})


def _clean(value: object) -> object:
    """Return a value without what may be secret in it."""
    if not isinstance(value, str):
        return value
    for secret in _secrets():
        value = value.replace(secret, _HIDDEN)
    return _TOKEN.sub(_HIDDEN, _PASSWORD.sub(rf"\g<1>{_HIDDEN}", value))


def _secrets() -> list[str]:
    values = (value for _, value in settings() if isinstance(value, SecretStr))
    return [value.get_secret_value() for value in values]
