"""Arrays as bytes and back: never by pickle, so that a database from elsewhere can do no harm."""

import hashlib
import io
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import StoreError
from mnist_core.nn import MLP
from mnist_core.training.config import TrainingConfig
from mnist_core.training.results import Checkpoint

_STATE = "optimizer."


def checkpoint_to_bytes(checkpoint: Checkpoint) -> bytes:
    """Return a checkpoint as an uncompressed .npz file."""
    arrays: dict[str, Any] = {_STATE + name: array for name, array in checkpoint.optimizer_state.items()}
    arrays |= {
        "epochs_done": checkpoint.epochs_done,
        "elapsed_s": checkpoint.elapsed_s,
        "parameters": checkpoint.parameters,
    }
    if checkpoint.average is not None:
        arrays["average"] = checkpoint.average
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def checkpoint_from_bytes(content: bytes) -> Checkpoint:
    """Return the checkpoint that `checkpoint_to_bytes` wrote, bit for bit.

    Raises
    ------
    StoreError
        The bytes are damaged.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            state = {name.removeprefix(_STATE): arrays[name] for name in arrays.files if name.startswith(_STATE)}
            return Checkpoint(
                epochs_done=int(arrays["epochs_done"]),
                parameters=arrays["parameters"],
                optimizer_state=state,
                average=arrays["average"] if "average" in arrays.files else None,
                elapsed_s=float(arrays["elapsed_s"]),
            )
    except (zipfile.BadZipFile, ValueError, KeyError, OSError, EOFError) as error:
        raise StoreError(f"A stored checkpoint is damaged: {error}. Run it again from the start.") from error


def parameters_to_bytes(parameters: NDArray[np.floating]) -> bytes:
    """Return a flat parameter vector as little-endian float32: enough to look at and to predict with."""
    with np.errstate(over="ignore"):  # a diverging float64 network may have weights that are infinite in float32
        return parameters.astype("<f4").tobytes()


def network_from(config: TrainingConfig, parameters: NDArray[np.floating]) -> MLP:
    """Return the network of `config` with a copy of `parameters`."""
    return MLP.from_parameters(config.layer_sizes, config.activation, parameters)


def weights_sha256(network: MLP) -> str:
    """Return the SHA-256 of the parameters' bytes: equal for bit-identical networks of equal layers."""
    return hashlib.sha256(network.parameters.tobytes()).hexdigest()
