"""Run a reader of `mnist_core.uploads.__main__` over a stranger's bytes, and take its answer.

The child is a new interpreter, never a fork of a server with threads. It limits itself before it sees a byte of the
file: memory, processor time, and no writing to files.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MEMORY_BYTES = 320 * 1024 * 1024
_TIME_S = 30
_WAIT_S = 60
_REFUSED, _OUT_OF_MEMORY = 3, 4
# What an interpreter needs to start; the rest of a server's environment may hold secrets.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")
_one_at_a_time = threading.Lock()
_log = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818 - the answer of a reader, turned into the error of its caller
    """The file cannot be used; the message says why, for the person who sent it."""


def ask(reader: str, content: bytes) -> bytes:
    """Return what `reader` makes of `content`, waiting while another file is being read.

    Raises
    ------
    Refused
        The reader refused the file, crashed over it, or needed more memory or time than it may have.
    """
    if not _one_at_a_time.acquire(timeout=_WAIT_S):
        raise Refused("The server is busy reading other files. Try again in a minute.")
    try:
        done = _run(reader, content)
    except subprocess.TimeoutExpired:
        raise Refused(f"The file could not be read within {_TIME_S} seconds. Save it again, or smaller.") from None
    finally:
        _one_at_a_time.release()
    if done.returncode == 0:
        return done.stdout
    if done.returncode == _REFUSED:
        raise Refused(done.stdout.decode(errors="replace"))
    if done.returncode == _OUT_OF_MEMORY:
        raise Refused(f"Reading the file takes more than {MEMORY_BYTES >> 20} MB of memory. Save it smaller.")
    _log.warning(
        "reader %s ended with %d: %s", reader, done.returncode, done.stderr[-2000:].decode(errors="replace").strip()
    )
    raise Refused("The file is damaged: its reader could not finish. Save it again and retry.")


def answer(read: Callable[[bytes], bytes], refusal: type[Exception]) -> int:
    """Read standard input within the limits, and write to standard output what `read` makes of it, or why not.

    Returns
    -------
    int
        How the process shall end: 0, or what `ask` understands.
    """
    _limit()
    try:
        result = read(sys.stdin.buffer.read())
    except refusal as error:
        sys.stdout.buffer.write(str(error)[:1000].encode(errors="replace"))
        return _REFUSED
    except MemoryError:
        return _OUT_OF_MEMORY
    sys.stdout.buffer.write(result)
    return 0


def _run(reader: str, content: bytes) -> subprocess.CompletedProcess[bytes]:
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "mnist_core.uploads", reader],
        input=content,
        capture_output=True,
        cwd=Path(__file__).parents[2],
        env=environment | {"OPENBLAS_NUM_THREADS": "1"},  # each further thread would take memory of its own
        timeout=_TIME_S,
        check=False,
    )


def _limit() -> None:
    with suppress(ImportError):  # Windows has no such limits; there, time alone is limited
        import resource  # noqa: PLC0415

        for what, most in (
            (resource.RLIMIT_DATA, MEMORY_BYTES),
            (resource.RLIMIT_CPU, _TIME_S),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):  # a lower limit that holds already is as good
                resource.setrlimit(what, (most, most))
