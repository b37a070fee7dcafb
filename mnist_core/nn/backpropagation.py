"""Forward and backward through the network for one batch of images: the heart of it all.

With samples in rows, layer l computes z = h @ kernel + bias and h_next = f(z). Backwards, the chain rule gives

    d_kernel = h.T @ d_z        d_bias = sum over rows of d_z        d_h = d_z @ kernel.T        d_z_before = d_h * f'

and the last d_z, with respect to the logits, is (softmax - target) / n. All arrays are made once and written to again.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_core.nn.activations import ACTIVATIONS
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.losses import Measured, softmax_cross_entropy
from mnist_core.nn.parameters import Parameters


class Backpropagation:
    """The arrays of one forward and backward pass over `rows` images, and the pass itself.

    Attributes
    ----------
    z
        Weighted sums of each layer, shape (rows, units); the last are the logits.
    a
        Activations f(z) of each hidden layer, shape (rows, units).
    h
        What the next layer receives: the activations, after dropout if there is any.
    d_z
        Derivative of the cost with respect to each z.
    """

    def __init__(
        self,
        layer_sizes: tuple[int, ...],
        activation: str,
        rows: int,
        dtype: np.typing.DTypeLike,
        label_smoothing: float = 0.0,
        dropout: float = 0.0,
    ) -> None:
        *hidden, classes = layer_sizes[1:]
        self.activation = ACTIVATIONS[activation]
        self.label_smoothing = label_smoothing
        self.dropout = dropout
        self.z = [np.empty((rows, units), dtype) for units in hidden]
        self.a = [np.empty_like(z) for z in self.z]
        self.h = [np.empty_like(z) for z in self.z] if dropout else self.a
        # One row holds an image's masks for all layers: what it draws does not depend on where the batch is cut.
        self._mask = np.ones((rows, sum(hidden) if dropout else 0), dtype)
        self.masks = np.split(self._mask, np.cumsum(hidden)[:-1], axis=1) if hidden and dropout else []
        self.d_z = [np.empty_like(z) for z in self.z]
        # Logits lie class by class in memory: see losses.py.
        self.z.append(np.empty((classes, rows), dtype).T)
        self.d_z.append(np.empty((classes, rows), dtype).T)
        # A product with ones sums rows 3 times faster than sum(axis=0).
        self._ones = np.ones(rows, dtype)

    def run(
        self,
        x: FloatArray,
        labels: NDArray[np.intp],
        kernels: Sequence[FloatArray],
        biases: Sequence[FloatArray],
        gradient: Parameters,
        n: int | None = None,
        rng: np.random.Generator | None = None,
    ) -> Measured:
        """Go forwards and backwards once.

        Parameters
        ----------
        x
            Pixels in [0, 1], shape (rows, fan_in of the first kernel).
        labels
            Class indices, shape (rows,).
        kernels, biases
            The network's. The first kernel may have fewer rows than there are pixels, if `x` has as many columns.
        gradient
            Where to write the derivative of the cost by each kernel and bias. If `x` has fewer columns than there are
            pixels, only as many rows of the first kernel's gradient are written.
        n
            Images to average over, where these rows are only part of a batch. Default: the number of rows.
        rng
            Draws the dropout masks, image by image; needed only with dropout.
        """
        self.forward(x, kernels, biases, rng)
        measured = self.measure(labels, n or len(x))
        self.backward(x, kernels, gradient)
        return measured

    def forward(
        self,
        x: FloatArray,
        kernels: Sequence[FloatArray],
        biases: Sequence[FloatArray],
        rng: np.random.Generator | None = None,
    ) -> None:
        """Fill `z` and `h`, from the pixels to the logits."""
        np.matmul(x, kernels[0], out=self.z[0])
        self.forward_from_products(kernels, biases, rng)

    def forward_from_products(
        self, kernels: Sequence[FloatArray], biases: Sequence[FloatArray], rng: np.random.Generator | None = None
    ) -> None:
        """Do the same where `z[0]` already holds x @ kernels[0]."""
        if self.dropout:
            self._draw_masks(rng)
        for layer, bias in enumerate(biases):
            z = self.z[layer]
            if layer:
                np.matmul(self.h[layer - 1], kernels[layer], out=z)
            z += bias
            if layer < len(self.h):
                self.activation.forward(z, self.a[layer])
                if self.dropout:
                    np.multiply(self.a[layer], self.masks[layer], out=self.h[layer])

    def measure(self, labels: NDArray[np.intp], n: int) -> Measured:
        """Fill `d_z[-1]`, and return what the rows measured."""
        return softmax_cross_entropy(self.z[-1], labels, self.label_smoothing, n, out=self.d_z[-1])

    def backward(self, x: FloatArray, kernels: Sequence[FloatArray], gradient: Parameters) -> None:
        """Fill `d_z` and `gradient`, from `d_z[-1]` (of the logits) back to the first layer."""
        self.backward_to_first(kernels)
        np.matmul(x.T, self.d_z[0], out=gradient.kernels[0][: x.shape[1]])
        self.fill_upper(gradient)

    def backward_to_first(self, kernels: Sequence[FloatArray]) -> None:
        """Fill `d_z` alone."""
        for layer in reversed(range(1, len(kernels))):
            d_h = self.d_z[layer - 1]
            np.matmul(self.d_z[layer], kernels[layer].T, out=d_h)
            if self.dropout:
                d_h *= self.masks[layer - 1]
            self.activation.backward(self.a[layer - 1], d_h, d_h)

    def fill_upper(self, gradient: Parameters) -> None:
        """Fill `gradient` from `d_z`, all but that of the first kernel."""
        for layer, d_z in enumerate(self.d_z):
            if layer:
                np.matmul(self.h[layer - 1].T, d_z, out=gradient.kernels[layer])
            np.matmul(self._ones, d_z, out=gradient.biases[layer])

    def _draw_masks(self, rng: np.random.Generator | None) -> None:
        """Draw 0 with probability `dropout`, otherwise the factor that keeps a unit's mean the same."""
        if rng is None:
            raise ValueError("rng: expected a generator, because dropout is on, received None. Pass one.")
        keep = 1 - self.dropout
        rng.random(out=self._mask, dtype=self._mask.dtype.type)
        np.multiply(self._mask < keep, 1 / keep, out=self._mask)
