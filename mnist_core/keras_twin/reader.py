"""Read the network in a `.keras` file: its architecture from JSON, its weights from HDF5, and nothing else."""

import io
import json
import re
import zipfile
from itertools import pairwise
from typing import Any

import numpy as np

from mnist_core.archive import check_archive, read_entry
from mnist_core.errors import ModelFileError
from mnist_core.keras_twin.architecture import Architecture, read_architecture
from mnist_core.keras_twin.keras_file import need_h5py
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.parameters import count_parameters

_NEEDED = ("config.json", "model.weights.h5")
_MAX_CONFIG_BYTES = 1024 * 1024
_MAX_WEIGHTS_BYTES = 64 * 1024 * 1024  # with an optimizer's state
_MAX_PARAMETERS = 8_000_000
_NAME = "The file"
_DENSE = re.compile(r"(?:^|/)dense(?:_(\d+))?/vars$")


def read(content: bytes) -> MLP:
    """Return the network in the bytes of a `.keras` file. The last layer's softmax is left out of its logits.

    A model with a Rescaling layer takes grey levels 0 to 255; the network takes pixels in [0, 1] and answers the same.

    Raises
    ------
    ModelFileError
        The file is damaged or too large, or is not a perceptron that can be computed exactly here; or h5py, which
        comes with Keras, is not installed.
    """
    need_h5py()
    try:
        config, weights = _unzip(content)
        return _network(read_architecture(config), weights)
    except (ModelFileError, MemoryError):
        raise
    except Exception as error:
        # zipfile, json and the HDF5 library each raise what they like about bytes that they cannot read.
        found = str(error)[:200] or type(error).__name__
        raise ModelFileError(f"Expected an undamaged .keras file of Keras 3, found: {found}.") from error


def _unzip(content: bytes) -> tuple[Any, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        check_archive(archive, _MAX_WEIGHTS_BYTES + _MAX_CONFIG_BYTES, _NAME)
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        if not {*_NEEDED} <= sizes.keys() <= {*_NEEDED, "metadata.json"}:
            raise ModelFileError(
                f"Expected a .keras file with {' and '.join(_NEEDED)}, found {', '.join(list(sizes)[:8])[:200]}."
            )
        if sizes["config.json"] > _MAX_CONFIG_BYTES:
            raise ModelFileError(f"config.json: expected at most {_MAX_CONFIG_BYTES:,} bytes. Save the model again.")
        return json.loads(read_entry(archive, "config.json")), read_entry(archive, "model.weights.h5")


def _network(architecture: Architecture, weights: bytes) -> MLP:
    import h5py  # noqa: PLC0415 - only in the process that reads

    sizes = architecture.layer_sizes
    if count_parameters(sizes) > _MAX_PARAMETERS:
        raise ModelFileError(f"Expected at most {_MAX_PARAMETERS:,} weights. Use a smaller network.")
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
    import h5py  # noqa: PLC0415

    # A link could lead to any other HDF5 file on this machine.
    dataset = group.get(name) if isinstance(group.get(name, getlink=True), h5py.HardLink) else None
    if dataset is None or dataset.shape != shape or dataset.dtype not in (np.float32, np.float64):
        found = "nothing" if dataset is None else f"{dataset.dtype} {dataset.shape}"
        raise ModelFileError(f"Weights {group.name}/{name}: expected floats of shape {shape}, found {found}.")
    if dataset.external or dataset.is_virtual:
        # HDF5 can take numbers from any other file on this machine.
        raise ModelFileError(f"Weights {group.name}/{name}: expected numbers in the file itself, found a reference.")
    array: FloatArray = dataset[()]
    return array
