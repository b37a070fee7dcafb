"""What must be said of a network before its numbers are believed."""

import numpy as np

from mnist_core.data import Dataset
from mnist_core.nn import MLP


def is_finite(network: MLP) -> bool:
    """Say whether all weights are finite numbers; the answers of a network with others mean nothing."""
    return bool(np.isfinite(network.parameters).all())


def warnings(network: MLP, dataset: Dataset) -> list[str]:
    """Return, in whole sentences, what speaks against judging `network` on `dataset`; nothing if nothing does."""
    origin, found = network.origin, []
    if origin is None:
        found.append(
            "The file does not say where the network comes from, as files of the first release did not: whether it "
            f"has been trained on {dataset.name}, on which it is judged here, is unknown."
        )
    elif origin.dataset_fingerprint and origin.dataset_fingerprint != dataset.fingerprint:
        found.append(
            f"The network has been trained on {origin.dataset_name}, but is judged here by another data set, "
            f"{dataset.name}. Its accuracy says nothing about what it has learnt. To judge it fairly, set "
            f"MNIST_DATA_DIR to the folder of {origin.dataset_name}."
        )
    if not is_finite(network):
        found.append("Its weights are not finite numbers: the training diverged, and its answers mean nothing.")
    elif origin is not None and origin.status == "diverged":
        found.append("Its training diverged: expect no useful answers.")
    return found
