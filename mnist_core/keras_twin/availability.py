"""Whether the twin can run here, known without importing TensorFlow."""

import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from mnist_core.errors import LimitError
from mnist_core.machine import free_memory_bytes, memory_bytes
from mnist_core.settings import Settings, settings

INSTALL_COMMAND = "pip install -r requirements.txt"
INSTALLS_WHERE = (
    "TensorFlow exists for Python 3.11 to 3.13 on Linux, Windows and Apple silicon. There, this installs it:"
)
# tensorflow-cpu is the same module at half the size, for Linux on x86-64.
# Measured while a pair of the classic network was trained in float64: 1,740 MB for all processes, of which the worker
# took 1,220 MB more than it does without Keras.
NEEDED_BYTES = 1_800_000_000
_WORKER_BYTES = 1_250_000_000
_DISTRIBUTIONS = ("keras", "tensorflow", "tensorflow-cpu")


def is_installed() -> bool:
    """Tell whether Keras and TensorFlow are installed."""
    return find_spec("keras") is not None and find_spec("tensorflow") is not None


def why_not(of: Settings) -> str:
    """Return in words why no pair may be trained on this server, or "" if one may.

    Where the workers are on other machines (`scheduler_address`), the memory of this one does not matter.
    """
    if of.keras == "off":
        return "Keras is switched off on this server (MNIST_KERAS=off)."
    if of.scheduler_address is None and memory_bytes() < NEEDED_BYTES:
        return (
            f"Keras needs {NEEDED_BYTES / 1e6:,.0f} MB of memory with everything around it, and this server has "
            f"{memory_bytes() / 1e6:,.0f} MB. Run the app where there is more, or train without Keras."
        )
    return ""


def check_room() -> None:
    """Raise LimitError if this process, a worker's, may not load TensorFlow, or has too little memory for it now."""
    if "tensorflow" in sys.modules:
        return
    if reason := why_not(settings()):
        raise LimitError(reason)
    if free_memory_bytes() < _WORKER_BYTES:
        raise LimitError(
            f"Keras needs {_WORKER_BYTES / 1e6:,.0f} MB of free memory, and {free_memory_bytes() / 1e6:,.0f} MB are "
            "free just now. Try again when less is going on here, or train without Keras."
        )


def versions() -> dict[str, str]:
    """Return distribution -> version of what is installed of Keras and TensorFlow."""
    found = {}
    for name in _DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
