"""One real update of a network by one image, with every array on the way, in float64.

All is computed by the code that trains (`nn.backpropagation`, `nn.losses`, `nn.optimizers`); nothing is done again.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mnist_core.nn import MLP
from mnist_core.nn.activations import ACTIVATIONS
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.nn.losses import cross_entropy, softmax
from mnist_core.nn.mlp import as_rows
from mnist_core.nn.optimizers import GradientDescent
from mnist_core.nn.parameters import Parameters


@dataclass(frozen=True, eq=False)
class OneUpdate:
    """One step of gradient descent on one image's cost: no dropout, label smoothing or weight decay.

    Attributes
    ----------
    before, after
        The network before and after the step, float64.
    x
        The image as ink in [0, 1], shape (784,).
    label
        What the image is to be read as.
    learning_rate
        Share of the gradient that is subtracted.
    z
        Weighted sums of each layer, shape (units,); the last are the logits.
    a
        Activations of each hidden layer, shape (units,).
    d_z
        Derivative of the cost by each z.
    gradient
        Derivative of the cost by each kernel and bias.
    cost
        Cross-entropy of the image before the step.
    """

    before: MLP
    after: MLP
    x: FloatArray
    label: int
    learning_rate: float
    z: list[FloatArray]
    a: list[FloatArray]
    d_z: list[FloatArray]
    gradient: Parameters
    cost: float

    @property
    def layers(self) -> int:
        """Number of kernels: hidden layers and the output layer."""
        return len(self.z)

    @property
    def is_finite(self) -> bool:
        """Whether the network still computes numbers: one that diverged does not."""
        return bool(np.isfinite(self.cost) and np.isfinite(self.gradient.vector).all())

    def inputs(self, layer: int) -> FloatArray:
        """Return what `layer` (from 0) multiplies with its kernel: the image or the activations before it."""
        return self.a[layer - 1] if layer else self.x

    @cached_property
    def probabilities(self) -> FloatArray:
        """The ten probabilities before the step."""
        return softmax(self.z[-1][None])[0]

    @property
    def target(self) -> FloatArray:
        """The probabilities that would cost nothing: 1 at the label, 0 elsewhere."""
        target = np.zeros_like(self.z[-1])
        target[self.label] = 1
        return target

    def kernel_step(self, layer: int) -> FloatArray:
        """Return by how much the update changes the kernel of a layer."""
        return self.after.kernels[layer] - self.before.kernels[layer]

    @cached_property
    def probabilities_after(self) -> FloatArray:
        """The ten probabilities after the step, by a fresh forward pass."""
        return self.after.predict_proba(self.x[None])[0]

    @cached_property
    def cost_after(self) -> float:
        """Cross-entropy of the image after the step, by a fresh forward pass."""
        return image_cost(self.after, self.x, self.label)

    def slopes(self, layer: int) -> FloatArray:
        """Return f'(z) of each unit of a hidden layer: how much its activation follows its sum."""
        slopes = np.empty_like(self.a[layer])
        ACTIVATIONS[self.before.activation].backward(self.a[layer], np.ones_like(slopes), slopes)
        return slopes


def compute_update(network: MLP, image: NDArray[np.uint8], label: int, learning_rate: float) -> OneUpdate:
    """Go forwards and backwards with one image, and take one step.

    Parameters
    ----------
    network
        Stays as it is.
    image
        uint8 (28, 28), 0 = paper and 255 = ink.
    label
        Class index.
    """
    before = in_float64(network)
    x, labels = as_rows(image[None], before.dtype), np.array([label])
    passes = Backpropagation(before.layer_sizes, before.activation, 1, before.dtype)
    gradient = Parameters(before.layer_sizes, before.dtype)
    after = before.copy()
    with np.errstate(over="ignore", invalid="ignore"):
        cost = passes.run(x, labels, before.kernels, before.biases, gradient).cost
        # The optimizer uses its gradient up, so it gets a copy.
        GradientDescent(after.weights).step(gradient.vector.copy(), learning_rate)
    z, a, d_z = ([array[0] for array in arrays] for arrays in (passes.z, passes.a, passes.d_z))
    return OneUpdate(before, after, x[0], label, learning_rate, z, a, d_z, gradient, cost)


def image_cost(network: MLP, x: FloatArray, label: int) -> float:
    """Return the cross-entropy of one image, ink in [0, 1] of shape (784,), by a forward pass."""
    return float(cross_entropy(network.logits(x[None]), np.array([label]))[0])


def in_float64(network: MLP) -> MLP:
    """Return a copy with the same numbers in float64, which holds every float32 exactly."""
    return MLP.from_parameters(network.layer_sizes, network.activation, network.parameters.astype(np.float64))
