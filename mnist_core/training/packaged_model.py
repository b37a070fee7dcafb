"""The small network that comes with the app, so that a drawing can be read before anybody has trained one.

``packaged/modern.npz`` was made by the command that ``packaged/modern.json`` holds, beside its accuracy and checksum.
To renew it, run that command, then write into the record the recipe, what ``python -m mnist_core evaluate --json`` says
of the file, and the SHA-256 that loading it reports; ``tests/training/test_packaged_model.py`` compares all of them.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mnist_core.errors import ModelFileError
from mnist_core.nn import MLP

_FOLDER = Path(__file__).parent / "packaged"


@dataclass(frozen=True, eq=False)
class PackagedModel:
    """A trained network and where it comes from.

    Attributes
    ----------
    command
        What made it.
    preset
        Its recipe.
    test_accuracy, test_interval
        Share of the test images it classifies correctly, and the 95 % Wilson interval, in [0, 1].
    temperature
        What makes its probabilities mean what they say (`mnist_core.nn.calibration.calibrated`). It learnt from all
        training images, so this is the mean of 10 networks of its recipe, each on a sixth of the images held out.
    """

    network: MLP
    command: str
    preset: str
    test_accuracy: float
    test_interval: tuple[float, float]
    temperature: float


@cache
def packaged_model() -> PackagedModel:
    """Load the packaged network, once per process.

    Raises
    ------
    ModelFileError
        The file is missing, damaged or was replaced.
    """
    record = json.loads((_FOLDER / "modern.json").read_text(encoding="utf-8"))
    network = MLP.load(_FOLDER / "modern.npz")
    found = hashlib.sha256(network.parameters.tobytes()).hexdigest()
    if found != record["weights_sha256"]:
        raise ModelFileError(
            f"{_FOLDER / 'modern.npz'}: expected weights with SHA-256 {record['weights_sha256']}, found {found}. "
            f"Install the project again, or run: {record['command']}"
        )
    low, high = record["test_interval"]
    return PackagedModel(
        network, record["command"], record["preset"], record["test_accuracy"], (low, high), record["temperature"]
    )
