"""The multilayer perceptron: kernels and biases as views into one flat vector, and what it predicts."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnist_core.nn import model_file
from mnist_core.nn.activations import ACTIVATIONS
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.nn.initializers import INITIALIZERS
from mnist_core.nn.losses import softmax
from mnist_core.nn.origin import Origin
from mnist_core.nn.parameters import Parameters
from mnist_core.threads import Threads, one_blas_thread

# As many rows as stay in a core's cache from their conversion to their logits.
_ROWS_AT_ONCE = 1000


class MLP:
    """Layers of h = f(h_before @ kernel + bias), the last without f: its outputs are the logits.

    Parameters
    ----------
    layer_sizes
        Units of each layer, inputs first, such as (784, 128, 64, 10).
    activation
        "relu", "tanh" or "sigmoid", for the hidden layers.
    initializer
        "he_normal", "glorot_uniform" or "zeros", for the kernels. Biases start at 0.
    seed
        Of the generator that draws the kernels; or the generator itself.
    dtype
        "float32" or "float64".

    Attributes
    ----------
    weights
        All kernels and biases, as views into one flat vector.
    parameters
        All kernels and biases as one vector, shape (parameter_count,). Writing to it changes the network.
    kernels
        Views into it, one a layer, of shape (fan_in, fan_out).
    biases
        Views into it, one a layer, of shape (fan_out,).
    origin_of
        Called when somebody asks where the network comes from, or saves it; None where that is unknown.
    """

    origin_of: Callable[[], Origin] | None = None

    def __init__(
        self,
        layer_sizes: tuple[int, ...] = (784, 128, 64, 10),
        activation: str = "relu",
        initializer: str = "he_normal",
        seed: int | np.random.Generator = 0,
        dtype: str = "float32",
    ) -> None:
        for name, value, known in (("activation", activation, ACTIVATIONS), ("initializer", initializer, INITIALIZERS)):
            if value not in known:
                raise ValueError(f"{name}: expected one of {', '.join(known)}, received {value!r}.")
        self.layer_sizes = tuple(layer_sizes)
        self.activation = activation
        self.weights = Parameters(self.layer_sizes, dtype)
        rng = np.random.default_rng(seed)
        for kernel in self.kernels:
            fan_in, fan_out = kernel.shape
            kernel[:] = INITIALIZERS[initializer](fan_in, fan_out, rng)

    @property
    def parameters(self) -> FloatArray:
        """All kernels, then all biases, as one flat vector."""
        return self.weights.vector

    @property
    def kernels(self) -> list[FloatArray]:
        """One view a layer, of shape (fan_in, fan_out)."""
        return self.weights.kernels

    @property
    def biases(self) -> list[FloatArray]:
        """One view a layer, of shape (fan_out,)."""
        return self.weights.biases

    @property
    def dtype(self) -> np.dtype:
        """Number format of the parameters."""
        return self.parameters.dtype

    @property
    def origin(self) -> Origin | None:
        """What the network was trained with and on; None if unknown. A copy is a new network, of unknown origin."""
        return None if self.origin_of is None else self.origin_of()

    def logits(self, images: ArrayLike) -> FloatArray:
        """Return the last layer's outputs, shape (n, classes), for `images` as `as_rows` takes them."""
        array = np.atleast_1d(images)
        if len(array) <= _ROWS_AT_ONCE:
            return self._logits(as_rows(array, self.dtype, self.layer_sizes[0]))

        def part(start: int) -> FloatArray:
            return self._logits(as_rows(array[start : start + _ROWS_AT_ONCE], self.dtype, self.layer_sizes[0]))

        with one_blas_thread(), Threads() as threads:
            return np.concatenate(threads.map(part, range(0, len(array), _ROWS_AT_ONCE)))

    def _logits(self, h: FloatArray) -> FloatArray:
        activation = ACTIVATIONS[self.activation]
        for kernel, bias in zip(self.kernels[:-1], self.biases[:-1], strict=True):
            z = h @ kernel
            z += bias
            activation.forward(z, z)
            h = z
        logits: FloatArray = h @ self.kernels[-1]
        logits += self.biases[-1]
        return logits

    def predict_proba(self, images: ArrayLike) -> FloatArray:
        """Return the probability of each class, shape (n, classes), rows summing to 1."""
        return softmax(self.logits(images))

    def predict(self, images: ArrayLike) -> NDArray[np.intp]:
        """Return the most probable class of each image, shape (n,)."""
        return self.logits(images).argmax(axis=1)

    def loss_and_gradients(
        self, images: ArrayLike, labels: NDArray[np.integer]
    ) -> tuple[float, list[FloatArray], list[FloatArray]]:
        """Return the mean cross-entropy of a batch and its derivative with respect to each kernel and bias.

        Parameters
        ----------
        images
            As `as_rows` takes them, n of them.
        labels
            Class indices, shape (n,).

        Returns
        -------
        tuple[float, list, list]
            The cost, and the gradients in the shapes of `kernels` and of `biases`.
        """
        rows = as_rows(images, self.dtype, self.layer_sizes[0])
        backpropagation = Backpropagation(self.layer_sizes, self.activation, len(rows), self.dtype)
        gradient = Parameters(self.layer_sizes, self.dtype)
        measured = backpropagation.run(rows, np.asarray(labels, np.intp), self.kernels, self.biases, gradient)
        return measured.cost / len(rows), gradient.kernels, gradient.biases

    def copy(self) -> Self:
        """Return an independent network with the same parameters."""
        return type(self).from_parameters(self.layer_sizes, self.activation, self.parameters)

    @classmethod
    def from_parameters(cls, layer_sizes: tuple[int, ...], activation: str, parameters: FloatArray) -> Self:
        """Return a network with a copy of `parameters`, a flat vector like the attribute of that name."""
        network = cls(layer_sizes, activation, "zeros", dtype=parameters.dtype.name)
        network.parameters[:] = parameters
        return network

    def save(self, target: str | Path | IO[bytes]) -> None:
        """Write the network and its origin to a path or binary file, as .npz without pickle."""
        model_file.write(target, model_file.Contents(self.activation, self.kernels, self.biases, self.origin))

    @classmethod
    def load(cls, source: str | Path | IO[bytes]) -> Self:
        """Read a network and its origin from a path or binary file, bit for bit as it was saved.

        Raises
        ------
        ModelFileError
            The file was not written by `save`, is damaged, or is larger than allowed.
        """
        activation, kernels, biases, origin = model_file.read(source)
        sizes = (kernels[0].shape[0], *(kernel.shape[1] for kernel in kernels))
        network = cls(sizes, activation, "zeros", dtype=kernels[0].dtype.name)
        for view, array in zip([*network.kernels, *network.biases], [*kernels, *biases], strict=True):
            view[:] = array
        network.origin_of = None if origin is None else lambda: origin
        return network


def as_rows(images: ArrayLike, dtype: np.dtype, pixels: int = 784) -> FloatArray:
    """Return images as rows of ink in [0, 1], shape (n, pixels).

    Parameters
    ----------
    images
        uint8 in 0..255, or floating-point in [0, 1]; shape (n, pixels) or (n, height, width).
    dtype
        That of the result.
    pixels
        Pixels of one image.

    Raises
    ------
    ValueError
        The shape or type is wrong, or a value is outside [0, 1] or NaN.
    """
    array = np.asarray(images)
    if (
        array.ndim not in {2, 3}
        or array[:1].size != pixels * len(array[:1])
        or (array.ndim == 2 and array.shape[1] != pixels)
    ):
        raise ValueError(f"images: expected shape (n, {pixels}) or (n, height, width), received {array.shape}.")
    rows = array.reshape(len(array), pixels)
    if rows.dtype == np.uint8:
        return np.multiply(rows, 1 / 255, dtype=dtype)
    if not np.issubdtype(rows.dtype, np.floating):
        raise ValueError(f"images: expected uint8, or floats in [0, 1], received {rows.dtype}. Convert them.")
    if rows.size and not (rows.min() >= 0 and rows.max() <= 1):
        raise ValueError(
            f"images: expected floats in [0, 1], received {rows.min():g} to {rows.max():g}. Divide grey levels by 255."
        )
    return rows.astype(dtype, copy=False)
