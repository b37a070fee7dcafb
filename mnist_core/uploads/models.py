"""A model file from a stranger becomes a network: nothing of it is believed, and nothing in it is ever run."""

import io
from pathlib import PurePath
from typing import Protocol

from mnist_core.errors import ModelFileError
from mnist_core.nn import MLP
from mnist_core.uploads.child import Refused, ask

MAX_BYTES = 30 * 1024 * 1024
SUFFIXES = (".npz", ".keras")


class Upload(Protocol):
    """A file as Streamlit hands it over: its size is known before it is read."""

    name: str
    size: int

    def getvalue(self) -> bytes:
        """Return the whole content."""


def read_model(upload: Upload) -> MLP:
    """Return the network in an uploaded .npz or .keras file.

    Raises
    ------
    ModelFileError
        The file is larger than 30 MiB, damaged, of another kind, or its network is refused by `check_usable`.
    """
    suffix = PurePath(upload.name).suffix.lower()
    if suffix not in SUFFIXES:
        raise ModelFileError(f"{upload.name}: expected a file ending in {' or '.join(SUFFIXES)}.")
    if upload.size > MAX_BYTES:
        raise ModelFileError(
            f"{upload.name}: expected at most {MAX_BYTES:,} bytes, received {upload.size:,}. Use a smaller network."
        )
    try:
        return MLP.load(io.BytesIO(ask(suffix.removeprefix("."), upload.getvalue())))
    except Refused as refusal:
        # The reader does not know what the file is called.
        raise ModelFileError(f"{upload.name}: {str(refusal).removeprefix('The file: ')}") from None
