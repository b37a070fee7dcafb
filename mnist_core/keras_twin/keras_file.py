"""Networks as `.keras` files, the format of Keras 3: a zip of two JSON files and the weights in HDF5.

They are written here and read in `reader` without TensorFlow, and nothing in a file is ever run. A stranger's file is
read by `mnist_core.uploads` in a process of its own, because the HDF5 library may crash over it.
"""

import io
import json
import zipfile
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

from mnist_core.errors import ModelFileError
from mnist_core.nn import MLP

_WRITTEN_FOR = "3.15.1"


def to_keras_file(network: MLP) -> bytes:
    """Return a network as a `.keras` file: pixels in [0, 1], shape (n, 784), to probabilities, shape (n, classes).

    Raises
    ------
    ModelFileError
        The package h5py, which comes with Keras, is not installed.
    """
    metadata = {"keras_version": _WRITTEN_FOR, "date_saved": f"{datetime.now(UTC):%Y-%m-%d@%H:%M:%S}"}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("metadata.json", json.dumps(metadata))
        archive.writestr("config.json", json.dumps(_model_config(network)))
        archive.writestr("model.weights.h5", _weights(network))
    return file.getvalue()


def need_h5py() -> None:
    """Raise ModelFileError if h5py, which reads and writes the weights, is not installed."""
    if find_spec("h5py") is None:
        raise ModelFileError(".keras files need the package h5py, which comes with Keras: pip install h5py.")


def _model_config(network: MLP) -> dict[str, Any]:
    dtype, last = network.dtype.name, len(network.kernels) - 1
    inputs = {"batch_shape": [None, network.layer_sizes[0]], "dtype": dtype, "name": "pixels"}
    layers = [_layer("InputLayer", inputs)]
    for number, units in enumerate(network.layer_sizes[1:]):
        activation = "softmax" if number == last else network.activation
        name = _dense_name(number)
        layers.append(_layer("Dense", {"name": name, "dtype": dtype, "units": units, "activation": activation}))
    return _layer("Sequential", {"name": "mnist", "layers": layers}, module="keras")


def _layer(kind: str, config: dict[str, Any], module: str = "keras.layers") -> dict[str, Any]:
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def _dense_name(number: int) -> str:
    return f"dense_{number}" if number else "dense"


def _weights(network: MLP) -> bytes:
    need_h5py()
    import h5py  # noqa: PLC0415 - only here, because it is optional

    file = io.BytesIO()
    with h5py.File(file, "w") as weights:
        for number, arrays in enumerate(zip(network.kernels, network.biases, strict=True)):
            for index, array in enumerate(arrays):
                weights[f"layers/{_dense_name(number)}/vars/{index}"] = array
    return file.getvalue()
