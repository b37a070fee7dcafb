"""Networks as .npz files: plain arrays, no pickle, and nothing is trusted before it has been checked."""

import math
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.lib import format as npy

from mnist_core.archive import check_archive
from mnist_core.errors import ModelFileError
from mnist_core.nn.activations import ACTIVATIONS
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.origin import MAX_CHARACTERS, Origin
from mnist_core.nn.parameters import MAX_HIDDEN_LAYERS, MAX_PARAMETERS, MAX_UNITS, count_parameters

FORMAT = "mnist-mlp-1"
MAX_BYTES = 8 * MAX_PARAMETERS + (1 << 20)  # all of them in float64, and some room for headers
_MAX_LAYERS = MAX_HIDDEN_LAYERS + 1
_MAX_ENTRY_OVERHEAD = 1024
_BYTES_A_CHARACTER = 4


class Contents(NamedTuple):
    """What a model file holds; `origin` is None in files of the first release."""

    activation: str
    kernels: Sequence[FloatArray]
    biases: Sequence[FloatArray]
    origin: Origin | None = None


def write(target: str | Path | IO[bytes], contents: Contents) -> None:
    """Write `format`, `activation` and `origin` (JSON) as text, then kernel_0, bias_0, kernel_1, ... as arrays."""
    activation, kernels, biases, origin = contents
    arrays: dict[str, np.ndarray] = {"format": np.array(FORMAT), "activation": np.array(activation)}
    for layer, (kernel, bias) in enumerate(zip(kernels, biases, strict=True)):
        arrays[f"kernel_{layer}"] = kernel
        arrays[f"bias_{layer}"] = bias
    if origin is not None:
        arrays["origin"] = np.array(origin.to_json())
    if isinstance(target, str | Path):
        # np.savez would add .npz to a path that lacks it; a file gets the name it was given.
        with Path(target).open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type] # ** may also mean allow_pickle
    else:
        np.savez(target, **arrays)  # type: ignore[arg-type]


def read(source: str | Path | IO[bytes]) -> Contents:
    """Return the contents of a file that `write` made.

    Names, shapes, number formats and sizes are checked from the headers before any array is allocated.

    Raises
    ------
    ModelFileError
        The file is missing, not a model of this app, damaged, or its network has more layers, units or parameters than
        `mnist_core.nn.parameters` allows.
    """
    name = str(source) if isinstance(source, str | Path) else getattr(source, "name", "the model file")
    try:
        with zipfile.ZipFile(source) as archive:
            return _read_archive(archive, name)
    except FileNotFoundError:
        raise ModelFileError(f"{name}: expected a model file, found nothing there. Check the path.") from None
    except ModelFileError:
        raise
    except Exception as error:
        # zipfile, zlib, ast, tokenize and NumPy each have errors of their own for bytes that they cannot read.
        found = str(error)[:200] or type(error).__name__
        raise ModelFileError(
            f"{name}: expected an undamaged .npz model saved by this app, found: {found}. Save or download it again."
        ) from error


def _read_archive(archive: zipfile.ZipFile, name: str) -> Contents:
    check_archive(archive, MAX_BYTES, name)
    layers = _check_names(archive, name)
    if (found := _text(archive, "format")) != FORMAT:
        raise ModelFileError(
            f"{name}: expected format {FORMAT!r}, found {found!r:.60}. Update the app, or save it again."
        )
    activation = _text(archive, "activation")
    if activation not in ACTIVATIONS:
        raise ModelFileError(f"{name}: expected activation {', '.join(ACTIVATIONS)}, found {activation!r:.60}.")
    _check_headers(archive, layers, name)
    arrays = {
        entry: _array(archive, entry) for layer in range(layers) for entry in (f"kernel_{layer}", f"bias_{layer}")
    }
    kernels = [arrays[f"kernel_{layer}"] for layer in range(layers)]
    biases = [arrays[f"bias_{layer}"] for layer in range(layers)]
    return Contents(activation, kernels, biases, _origin(archive))


def _check_names(archive: zipfile.ZipFile, name: str) -> int:
    """Return the number of layers, if the archive holds exactly the entries that a model has."""
    found = sorted(entry for entry in archive.namelist() if entry != "origin.npy")
    layers = (len(found) - 2) // 2
    entries = [f"{kind}_{layer}" for layer in range(layers) for kind in ("kernel", "bias")]
    expected = sorted(f"{entry}.npy" for entry in [*entries, "format", "activation"])
    if not 1 <= layers <= _MAX_LAYERS or found != expected:
        raise ModelFileError(
            f"{name}: expected format, activation, kernel_0, bias_0, kernel_1, ..., found "
            f"{', '.join(found[:8])[:200] or 'nothing'}. Use a model saved by this app."
        )
    return layers


def _check_headers(archive: zipfile.ZipFile, layers: int, name: str) -> None:
    """Check sizes, that shapes follow one another, and that all numbers have the same format."""
    sizes: list[int] = []
    dtype = None
    for layer in range(layers):
        kernel_shape, kernel_dtype = _header(archive, f"kernel_{layer}")
        bias_shape, bias_dtype = _header(archive, f"bias_{layer}")
        dtype = dtype or kernel_dtype
        fits = len(kernel_shape) == 2 and min(kernel_shape) > 0 and bias_shape == kernel_shape[1:]
        if not fits or (sizes and kernel_shape[0] != sizes[-1]):
            raise ModelFileError(
                f"{name}: expected kernel_{layer} of shape ({sizes[-1] if sizes else 'inputs'}, units) and "
                f"bias_{layer} of shape (units,), found {kernel_shape} and {bias_shape}."
            )
        if {kernel_dtype, bias_dtype} != {dtype} or dtype not in {np.dtype("f4"), np.dtype("f8")}:
            raise ModelFileError(f"{name}: expected float32 or float64 throughout, found {kernel_dtype}, {bias_dtype}.")
        sizes = [*(sizes or kernel_shape[:1]), kernel_shape[1]]
    if max(sizes) > MAX_UNITS or count_parameters(tuple(sizes)) > MAX_PARAMETERS:
        raise ModelFileError(
            f"{name}: expected up to {MAX_UNITS:,} units in each layer and {MAX_PARAMETERS:,} weights in all, found "
            f"layers of {'-'.join(map(str, sizes))}. Use a smaller network."
        )


def _header(archive: zipfile.ZipFile, entry: str) -> tuple[tuple[int, ...], np.dtype]:
    with archive.open(f"{entry}.npy") as stream:
        version = npy.read_magic(stream)
        if version != (1, 0):
            raise ValueError(f"{entry} in .npy version {version}")
        shape, _, dtype = npy.read_array_header_1_0(stream)
    if len(shape) > 2 or dtype.kind not in "biufU":
        raise ValueError(f"{entry} of {len(shape)} axes and kind {dtype.kind!r}")
    size_bytes = math.prod(shape) * dtype.itemsize
    if not 0 <= archive.getinfo(f"{entry}.npy").file_size - size_bytes <= _MAX_ENTRY_OVERHEAD:
        raise ValueError(f"{entry} of shape {shape} in {archive.getinfo(f'{entry}.npy').file_size} bytes")
    return shape, dtype


def _array(archive: zipfile.ZipFile, entry: str) -> np.ndarray:
    with archive.open(f"{entry}.npy") as stream:
        array: np.ndarray = npy.read_array(stream, allow_pickle=False)
        while stream.read(_MAX_ENTRY_OVERHEAD):  # to the end, so that the checksum is compared
            pass
    return array


def _text(archive: zipfile.ZipFile, entry: str) -> str:
    shape, dtype = _header(archive, entry)
    if shape != () or dtype.kind != "U" or dtype.itemsize > _BYTES_A_CHARACTER * MAX_CHARACTERS:
        raise ValueError(f"{entry} of type {dtype} and shape {shape}")
    return str(_array(archive, entry))


def _origin(archive: zipfile.ZipFile) -> Origin | None:
    return Origin.from_json(_text(archive, "origin")) if "origin.npy" in archive.namelist() else None
