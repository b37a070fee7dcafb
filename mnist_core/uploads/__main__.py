"""What runs in the child: ``python -m mnist_core.uploads READER`` with the file on standard input.

Each reader checks the file and answers with plain arrays: a network as .npz, a photo as .npy.
"""

import io
import sys

import numpy as np

from mnist_core.errors import ModelFileError, PhotoError
from mnist_core.nn import MLP
from mnist_core.uploads.child import answer
from mnist_core.uploads.usable import check_usable


def read_npz(content: bytes) -> bytes:
    """Return the network of an .npz file."""
    file = io.BytesIO(content)
    file.name = "The file"  # what messages call it
    return _saved(MLP.load(file))


def read_keras(content: bytes) -> bytes:
    """Return the network of a `.keras` file."""
    from mnist_core.keras_twin.reader import read  # noqa: PLC0415 - the other readers do without

    return _saved(read(content))


def read_photo(content: bytes) -> bytes:
    """Return the colours of a picture."""
    from mnist_core.data import picture_file  # noqa: PLC0415

    file = io.BytesIO()
    np.save(file, picture_file.read_photo(content))
    return file.getvalue()


def _saved(network: MLP) -> bytes:
    check_usable(network)
    file = io.BytesIO()
    network.save(file)
    return file.getvalue()


def main(reader: str) -> int:
    """Answer for `reader`: "npz", "keras" or "photo"."""
    if reader == "photo":
        return answer(read_photo, PhotoError)
    return answer({"npz": read_npz, "keras": read_keras}[reader], ModelFileError)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
