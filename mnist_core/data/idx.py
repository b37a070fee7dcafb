"""Read and write IDX, the format of MNIST: a short header of types and sizes, then the bytes of one uint8 array."""

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import DatasetError

_UINT8_CODE = 0x08
# Five times MNIST's training images; two such files are read at once.
_MAX_BYTES = 256 * 1024 * 1024
_TYPE_NAMES = {0x09: "int8", 0x0B: "int16", 0x0C: "int32", 0x0D: "float32", 0x0E: "float64"}


def read_bytes(path: Path, dimensions: int) -> bytes:
    """Return the content of `path`, decompressed where it is gzipped (by its first bytes, not by its name).

    However much a gzipped file would unpack to, no more is read than the header declares.

    Raises
    ------
    DatasetError
        The file is missing, unreadable or incomplete, `parse_shape` refuses its header, or its size does not fit the
        header.
    """
    try:
        with path.open("rb") as file:
            gzipped = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if gzipped else path.open("rb") as stream:
            header = stream.read(_header_bytes(dimensions))
            values = math.prod(parse_shape(header, path, dimensions))
            content = header + stream.read(values)
            more = len(stream.read(1))
    except FileNotFoundError:
        raise DatasetError(f"{path}: expected an IDX file, found nothing there. Put the file in place.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{path}: expected a readable, complete file, found: {error}. Copy it again.") from error
    if more:
        raise DatasetError(f"{path}: expected {len(content):,} bytes, as its header says, found more. Copy it again.")
    return content


def parse_shape(header: bytes, path: Path, dimensions: int) -> tuple[int, ...]:
    """Return the shape that an IDX file's header declares.

    Parameters
    ----------
    header
        The first bytes of the decompressed file, at least 4 + 4 * `dimensions` of them.
    path
        Where it came from, for error messages.
    dimensions
        Expected number of axes: 3 for images, 1 for labels.

    Raises
    ------
    DatasetError
        The header is not that of a uint8 IDX array with `dimensions` axes, or the array is empty or larger than
        256 MiB.
    """
    if len(header) < 4 or header[:2] != b"\0\0":
        raise DatasetError(f"{path}: expected an IDX header (two zero bytes), found {header[:4]!r}. Use an IDX file.")
    if header[2] != _UINT8_CODE:
        found = _TYPE_NAMES.get(header[2], f"type code 0x{header[2]:02x}")
        raise DatasetError(f"{path}: expected uint8 values, found {found}. Convert the file to uint8.")
    if header[3] != dimensions:
        raise DatasetError(
            f"{path}: expected an array of {dimensions} dimensions, found {header[3]}. "
            "Images have 3 and labels 1: perhaps the two files are swapped."
        )
    size = _header_bytes(dimensions)
    if len(header) < size:
        raise DatasetError(f"{path}: expected a header of {size} bytes, found {len(header)}. Copy it again.")
    shape = struct.unpack(f">{dimensions}I", header[4:size])
    if 0 in shape:
        raise DatasetError(f"{path}: expected at least one value, found shape {shape}. Use a file that is not empty.")
    if math.prod(shape) > _MAX_BYTES:
        raise DatasetError(
            f"{path}: expected at most {_MAX_BYTES >> 20} MB of data, found shape {shape}. "
            "Use an IDX file about as large as those of MNIST."
        )
    return shape


def parse_idx(content: bytes, path: Path, dimensions: int) -> NDArray[np.uint8]:
    """Return the array in the bytes of an IDX file, read-only and without a copy.

    Parameters and errors are those of `parse_shape`; DatasetError is also raised where the size does not fit the
    header.
    """
    shape = parse_shape(content, path, dimensions)
    expected = _header_bytes(dimensions) + math.prod(shape)
    if len(content) != expected:
        raise DatasetError(f"{path}: expected {expected} bytes for shape {shape}, found {len(content)}. Copy it again.")
    return np.frombuffer(content, np.uint8, offset=_header_bytes(dimensions)).reshape(shape)


def format_idx(array: NDArray[np.uint8]) -> bytes:
    """Return `array` as the bytes of an IDX file (uncompressed)."""
    return _header(array) + array.tobytes()


def idx_sha256(array: NDArray[np.uint8]) -> str:
    """Return the SHA-256, in hexadecimal, of the IDX file that `format_idx` would make, without making it."""
    digest = hashlib.sha256(_header(array))
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _header(array: NDArray[np.uint8]) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, _UINT8_CODE, array.ndim, *array.shape)


def _header_bytes(dimensions: int) -> int:
    return 4 + 4 * dimensions
