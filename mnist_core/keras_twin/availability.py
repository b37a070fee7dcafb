"""Whether the twin can run here, and where it cannot be the same: known without importing TensorFlow."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from mnist_core.training.config import TrainingConfig

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


def notes_on(config: TrainingConfig) -> tuple[str, ...]:
    """Say, a sentence for each, which settings of `config` have no exact counterpart in Keras."""
    notes = []
    if config.dropout:
        notes.append(
            "Dropout: Keras draws other random masks, so the two networks part in the first step. They can only be "
            "compared as two runs of one recipe."
        )
    if config.optimizer in {"adam", "adamw"}:
        notes.append(
            "Adam: Keras loses digits in the factor that makes up for Adam's start from zero. The twin hands Keras a "
            "learning rate that restores them; otherwise this rounding alone would drive the weights apart."
        )
    return tuple(notes)
