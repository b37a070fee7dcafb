"""What a network says about each image of a split; everything else about its quality is computed from this."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mnist_core.data import Split
from mnist_core.data.dataset import CLASSES, IMAGE_SHAPE
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.losses import cross_entropy, softmax

_PIXELS = IMAGE_SHAPE[0] * IMAGE_SHAPE[1]


@dataclass(frozen=True, eq=False)
class Predictions:
    """A network's answers for n images, in the order of the split.

    Attributes
    ----------
    logits
        float64 (n, 10).
    labels
        The true classes, (n,).
    """

    logits: FloatArray
    labels: NDArray[np.integer]

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def probabilities(self) -> FloatArray:
        """Of each class, (n, 10), rows summing to 1."""
        return softmax(self.logits)

    @cached_property
    def predicted(self) -> NDArray[np.intp]:
        """The most probable class of each image, (n,)."""
        return self.logits.argmax(axis=1)

    @cached_property
    def correct(self) -> NDArray[np.bool_]:
        """Whether each image's predicted class is the true one, (n,)."""
        return self.predicted == self.labels

    @cached_property
    def costs(self) -> FloatArray:
        """Cross-entropy of each image, (n,)."""
        return cross_entropy(self.logits, self.labels)

    @cached_property
    def confidences(self) -> FloatArray:
        """Probability of the predicted class, (n,)."""
        return self.probabilities.max(axis=1)

    @cached_property
    def margins(self) -> FloatArray:
        """How far the most probable class is ahead of the second, in probability, (n,)."""
        second, first = np.partition(self.probabilities, CLASSES - 2, axis=1)[:, -2:].T
        return first - second


def predict(network: MLP, split: Split) -> Predictions:
    """Return the network's answers for a split.

    Raises
    ------
    ValueError
        The network does not take 28 x 28 images or does not tell ten classes apart.
    """
    if (network.layer_sizes[0], network.layer_sizes[-1]) != (_PIXELS, CLASSES):
        raise ValueError(
            f"network: expected {_PIXELS} inputs and {CLASSES} outputs, received {network.layer_sizes[0]} and "
            f"{network.layer_sizes[-1]}. Choose a model that was trained on such images."
        )
    return Predictions(network.logits(split.images).astype(np.float64), split.labels)


def leave_out(predictions: Predictions, indices: NDArray[np.int64]) -> Predictions:
    """Return the answers for all images but those at `indices`."""
    return Predictions(np.delete(predictions.logits, indices, axis=0), np.delete(predictions.labels, indices))
