"""The small network that comes with the app, so that a drawing can be read before anybody has trained one.

`mnist_core.evaluation.packaging` makes it, with its record: what it was trained with, its accuracy, temperature and
checksum. ``tests/training/test_packaged_model.py`` compares all of them.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mnist_core.errors import ModelFileError
from mnist_core.nn import MLP

FOLDER = Path(__file__).parent / "packaged"
MODEL, RECORD = "modern.npz", "modern.json"


@dataclass(frozen=True, eq=False)
class PackagedModel:
    """A trained network and where it comes from.

    Attributes
    ----------
    command
        The command that made it.
    preset
        The name of its recipe.
    test_accuracy, test_interval
        Share of the test images it classifies correctly, and the 95 % Wilson interval, in [0, 1].
    temperature
        What makes its probabilities mean what they say (`mnist_core.nn.calibration.calibrated`). It has learnt from all
        training images itself, so this was fitted with other networks of its recipe, on images that they held out.
    """

    network: MLP
    command: str
    preset: str
    test_accuracy: float
    test_interval: tuple[float, float]
    temperature: float


@cache
def packaged_model(folder: Path = FOLDER) -> PackagedModel:
    """Load the packaged network, once per process.

    Raises
    ------
    ModelFileError
        The file is missing, damaged, or not the one that came with the app.
    """
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    network = MLP.load(folder / MODEL)
    found = weights_sha256(network)
    if found != record["weights_sha256"]:
        raise ModelFileError(
            f"{folder / MODEL}: expected weights with SHA-256 {record['weights_sha256']}, found {found}. "
            f"Install the project again, or run: {record['command']}"
        )
    low, high = record["test_interval"]
    return PackagedModel(
        network, record["command"], record["preset"], record["test_accuracy"], (low, high), record["temperature"]
    )


def weights_sha256(network: MLP) -> str:
    """Return the checksum of a network's parameters, 64 hexadecimal digits."""
    return hashlib.sha256(network.parameters.tobytes()).hexdigest()
