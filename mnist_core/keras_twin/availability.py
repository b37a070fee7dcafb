"""Whether the twin can run here, known without importing TensorFlow."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

INSTALL_COMMAND = "pip install -r requirements.txt"
INSTALLS_WHERE = (
    "TensorFlow exists for Python 3.11 to 3.13 on Linux, Windows and Apple silicon. There, this installs it:"
)
# tensorflow-cpu is the same module at half the size, for Linux on x86-64.
_DISTRIBUTIONS = ("keras", "tensorflow", "tensorflow-cpu")


def is_installed() -> bool:
    """Tell whether Keras and TensorFlow are installed."""
    return find_spec("keras") is not None and find_spec("tensorflow") is not None


def versions() -> dict[str, str]:
    """Return distribution -> version of what is installed of Keras and TensorFlow."""
    found = {}
    for name in _DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
