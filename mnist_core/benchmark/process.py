"""The parent's end of a contestant's process."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Timer
from typing import IO, Any, Self, cast

import mnist_core
from mnist_core.benchmark.contestants import Contestant
from mnist_core.benchmark.machine import HOLDING_BACK

_ANSWER_WITHIN_S = 600
_PACKAGE_PARENT = str(Path(mnist_core.__file__).parents[1])


class WorkerError(RuntimeError):
    """A contestant's process ended, or did not answer in time. The message is the last it wrote."""


class Worker:
    """A running contestant; a context manager that ends it."""

    def __init__(self, contestant: Contestant) -> None:
        self._errors = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed below
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mnist_core.benchmark.worker", contestant.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
            text=True,
        )
        self._commands = cast(IO[str], self._process.stdin)
        self._answers = cast(IO[str], self._process.stdout)

    def ask(self, command: str, **arguments: Any) -> Any:
        """Send a command and return its answer.

        Raises
        ------
        WorkerError
            There was no answer.
        """
        watch = Timer(_ANSWER_WITHIN_S, self._process.kill)
        watch.start()
        try:
            self._commands.write(json.dumps({"do": command, **arguments}) + "\n")
            self._commands.flush()
            line = self._answers.readline()
        except BrokenPipeError:
            line = ""
        finally:
            watch.cancel()
        if not line:
            raise WorkerError(self._last_words())
        return json.loads(line)

    def close(self) -> None:
        """End the process: it ends with its input."""
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        except BrokenPipeError:
            self._process.wait()
        self._errors.close()

    def _last_words(self) -> str:
        code = self._process.wait()
        self._errors.seek(0)
        written = [line for line in self._errors.read().splitlines() if line.strip()]
        return f"{written[-1].strip() if written else 'ended without a word'} (exit code {code})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, raised: type[BaseException] | None, *_: object) -> None:
        if raised is not None:
            # Whoever interrupts does not want to wait for the answer.
            self._process.kill()
        self.close()


def _environment() -> dict[str, str]:
    """Return this process's environment without what would hold BLAS back, and with this package on the path."""
    environment = {name: value for name, value in os.environ.items() if name not in HOLDING_BACK}
    paths = [_PACKAGE_PARENT, os.environ.get("PYTHONPATH", "")]
    return {**environment, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
