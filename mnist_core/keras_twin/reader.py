"""Read a `.keras` file from standard input and write the network to standard output, as .npz.

Run as ``python -m mnist_core.keras_twin.reader`` by `keras_file`; ends with 1 and a sentence on standard error if the
file cannot be used.
"""

import io
import json
import re
import sys
import zipfile
from itertools import pairwise
from typing import Any

import numpy as np

from mnist_core.errors import ModelFileError
from mnist_core.keras_twin.architecture import Architecture, read_architecture
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray

_NEEDED = ("config.json", "model.weights.h5")
_MAX_CONFIG_BYTES = 1024 * 1024
_MAX_BYTES = 256 * 1024 * 1024
_DENSE = re.compile(r"(?:^|/)dense(?:_(\d+))?/vars$")


def read(content: bytes) -> MLP:
    """Return the network in the bytes of a `.keras` file; ModelFileError if there is none."""
    config, weights = _unzip(content)
    return _network(read_architecture(config), weights)


def _unzip(content: bytes) -> tuple[Any, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            if not {*_NEEDED} <= sizes.keys() <= {*_NEEDED, "metadata.json"}:
                raise ModelFileError(
                    f"Expected a .keras file with {' and '.join(_NEEDED)}, found {', '.join(list(sizes)[:8])}."
                )
            if sizes["config.json"] > _MAX_CONFIG_BYTES or sizes["model.weights.h5"] > _MAX_BYTES:
                raise ModelFileError(f"Expected at most {_MAX_BYTES} bytes of weights, found {max(sizes.values())}.")
            return json.loads(archive.read("config.json")), archive.read("model.weights.h5")
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(f"Expected an undamaged .keras file of Keras 3, found: {error}.") from error


def _network(architecture: Architecture, weights: bytes) -> MLP:
    import h5py  # noqa: PLC0415 - only in the process that reads

    sizes = architecture.layer_sizes
    with h5py.File(io.BytesIO(weights), "r") as file:
        groups = _dense_groups(file)
        if len(groups) != len(architecture.units):
            raise ModelFileError(f"Weights: expected {len(architecture.units)} Dense layers, found {len(groups)}.")
        kernels = [_array(group, "0", shape) for group, shape in zip(groups, pairwise(sizes), strict=True)]
        biases = [
            _array(group, "1", (units,)) if has_bias else np.zeros(units, kernels[0].dtype)
            for group, units, has_bias in zip(groups, architecture.units, architecture.has_bias, strict=True)
        ]
    dtype = np.result_type(*kernels, *biases).name
    network = MLP(sizes, architecture.activation, "zeros", dtype=dtype)
    for view, array in zip([*network.kernels, *network.biases], [*kernels, *biases], strict=True):
        view[:] = array
    # What the model does to the pixels first is linear, so the first layer can do it.
    network.biases[0] += architecture.offset * network.kernels[0].sum(axis=0)
    network.kernels[0][:] *= architecture.scale
    if not np.isfinite(network.parameters).all():
        raise ModelFileError("Weights: expected finite numbers, found others. The model did not learn: train it again.")
    return network


def _dense_groups(file: Any) -> list[Any]:
    """Return the HDF5 groups of the Dense layers' variables: dense, dense_1, dense_2 ... in this order."""
    found: dict[int, Any] = {}

    def note(name: str, entry: Any) -> None:
        match = _DENSE.search(name)
        if match:
            found[int(match[1] or 0)] = entry

    file.visititems(note)
    return [found[number] for number in sorted(found)]


def _array(group: Any, name: str, shape: tuple[int, ...]) -> FloatArray:
    dataset = group.get(name)
    if dataset is None or dataset.shape != shape or dataset.dtype not in (np.float32, np.float64):
        found = "nothing" if dataset is None else f"{dataset.dtype} {dataset.shape}"
        raise ModelFileError(f"Weights {group.name}/{name}: expected floats of shape {shape}, found {found}.")
    if dataset.external or dataset.is_virtual:
        # HDF5 can take numbers from any other file on this machine.
        raise ModelFileError(f"Weights {group.name}/{name}: expected numbers in the file itself, found a reference.")
    array: FloatArray = dataset[()]
    return array


def main() -> int:
    """Convert standard input to standard output."""
    try:
        network = read(sys.stdin.buffer.read())
    except (ModelFileError, OSError, KeyError, RuntimeError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    network.save(sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
