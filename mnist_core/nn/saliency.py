"""What a network sees in one image: how its hidden units respond, and which pixels speak for and against a class."""

import numpy as np
from numpy.typing import ArrayLike

from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.nn.mlp import MLP, as_rows
from mnist_core.nn.parameters import Parameters


def hidden_activations(network: MLP, images: ArrayLike) -> list[FloatArray]:
    """Return the activations of each hidden layer, shape (n, units), for `images` as `MLP.predict` takes them."""
    rows = as_rows(images, network.dtype, network.layer_sizes[0])
    passes = Backpropagation(network.layer_sizes, network.activation, len(rows), network.dtype)
    passes.forward(rows, network.kernels, network.biases)
    return passes.a


def input_gradient(network: MLP, images: ArrayLike, d_logits: ArrayLike) -> FloatArray:
    """Return how fast a weighted sum of the logits grows with each pixel, shape (n, 784).

    By the chain rule d_x = d_z1 @ kernel_1.T, where d_z1 is what backpropagation has at the first layer.

    Parameters
    ----------
    images
        As `MLP.predict` takes them, n of them.
    d_logits
        Weight of each logit in the sum, shape (n, classes). +1 for one class and -1 for another asks what speaks for
        the first rather than the second.
    """
    rows = as_rows(images, network.dtype, network.layer_sizes[0])
    passes = Backpropagation(network.layer_sizes, network.activation, len(rows), network.dtype)
    passes.forward(rows, network.kernels, network.biases)
    passes.d_z[-1][:] = np.asarray(d_logits, network.dtype)
    passes.backward(rows, network.kernels, Parameters(network.layer_sizes, network.dtype))
    gradient: FloatArray = passes.d_z[0] @ network.kernels[0].T
    return gradient
