"""A model file from a stranger: nothing of it is believed before it is checked, and nothing in it is ever run."""

import io
import zipfile
from typing import IO, Protocol

import numpy as np

from mnist_core.errors import ModelFileError
from mnist_core.keras_twin import from_keras_file
from mnist_core.nn import MLP

MAX_BYTES = 30 * 1024 * 1024
SUFFIXES = (".npz", ".keras")


class Upload(Protocol):
    """A file as Streamlit hands it over: its size is known before it is read."""

    name: str
    size: int

    def getvalue(self) -> bytes:
        """Return the whole content."""


def read_upload(upload: Upload) -> MLP:
    """Return the network in an uploaded .npz or .keras file.

    Raises
    ------
    ModelFileError
        The file is larger than 30 MiB (packed or unpacked), damaged, of another kind, or holds numbers that are not
        finite.
    """
    if upload.size > MAX_BYTES:
        raise ModelFileError(
            f"{upload.name}: expected at most {MAX_BYTES} bytes, received {upload.size}. Use a smaller network."
        )
    if upload.name.endswith(".keras"):
        network = from_keras_file(upload.getvalue())
    elif upload.name.endswith(".npz"):
        network = _read_npz(io.BytesIO(upload.getvalue()), upload.name)
    else:
        raise ModelFileError(f"{upload.name}: expected a file ending in {' or '.join(SUFFIXES)}.")
    if not np.isfinite(network.parameters).all():
        raise ModelFileError(
            f"{upload.name}: expected finite weights, found others. The network diverged: train again."
        )
    return network


def _read_npz(file: IO[bytes], name: str) -> MLP:
    """Read a model, but not one that was packed small and unpacks to more than the limit."""
    file.name = name  # type: ignore[misc] # what messages call the file
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_BYTES:
            raise ModelFileError(f"{name}: expected at most {MAX_BYTES} bytes unpacked, found {unpacked}.")
    file.seek(0)
    return MLP.load(file)
