"""What a network reads in one image: the class, how sure it is, and what in the image led to it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.classes import Classes
from mnist_core.data.dataset import CLASSES
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.losses import softmax
from mnist_core.nn.saliency import input_gradient

SURE, LIKELY = 0.8, 0.5


@dataclass(frozen=True, eq=False)
class Reading:
    """A network's answer for one image.

    Attributes
    ----------
    probabilities
        Of each class, float (10,), summing to 1.
    """

    probabilities: FloatArray

    @property
    def label(self) -> int:
        """The most probable class."""
        return int(self.probabilities.argmax())

    @property
    def second(self) -> int:
        """The second most probable class."""
        return int(self.probabilities.argsort()[-2])

    def words(self, classes: Classes) -> str:
        """Return the answer as a person would say it, who admits to be unsure."""
        first, second = (self.probabilities[label] for label in (self.label, self.second))
        one, other = classes.one(self.label), classes.one(self.second)
        if not np.isfinite(self.probabilities).all():
            return "I cannot tell: this network's weights are no longer numbers."
        if first >= SURE:
            return f"This is {one}."
        if first >= LIKELY:
            return f"Probably {one}, perhaps {other}."
        return f"I cannot tell: perhaps {one} ({100 * first:.0f} %), perhaps {other} ({100 * second:.0f} %)."


@dataclass(frozen=True, eq=False)
class Reasons:
    """Why a network answers its first class rather than its second.

    Attributes
    ----------
    spoke
        What the ink at each pixel adds to the lead of the first class, float (28, 28): gradient times ink.
    would
        How fast the lead grows with ink at each pixel, float (28, 28): the gradient.
    """

    spoke: FloatArray
    would: FloatArray


def read(network: MLP, image: NDArray[np.uint8], temperature: float | None = None) -> Reading:
    """Return what `network` reads in `image`, uint8 (28, 28), as sure as it may be.

    Parameters
    ----------
    temperature
        What the logits are divided by, so that probabilities mean what they say; None leaves them as they are.
    """
    return Reading(softmax(network.logits(image[None]).astype(float) / (temperature or 1.0))[0])


def reasons(network: MLP, image: NDArray[np.uint8], reading: Reading) -> Reasons:
    """Return what led `network` to `reading` of `image`, uint8 (28, 28). The lead is the difference of two logits."""
    d_logits = np.zeros((1, CLASSES))
    d_logits[0, [reading.label, reading.second]] = 1, -1
    gradient = input_gradient(network, image[None], d_logits).reshape(image.shape)
    return Reasons(gradient * (image / 255), gradient)
