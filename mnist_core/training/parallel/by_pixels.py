"""Share a batch's work by pixels: each thread owns the first-layer weights of some pixels, and does all their work.

In a small network the first layer holds most of the weights. Its product x @ kernel is a sum over pixels, so two
threads can each compute a part of it. Each then has the derivatives of its own weights, moves them, and multiplies the
next images by them: the threads meet once a batch. If they shared it by rows, they would compete for the interpreter
lock at each of 30 calls, and small batches would take longer than on one thread.
"""

from collections import deque
from collections.abc import Iterator

import numpy as np

from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.losses import Measured
from mnist_core.nn.parameters import Parameters
from mnist_core.threads import Threads
from mnist_core.training.config import TrainingConfig
from mnist_core.training.parallel.blocks import Block, Part, ShuffledRows
from mnist_core.training.parallel.passes import Passes, dropout_stream
from mnist_core.training.parallel.updates import Updates

# Less than half: the calling thread has the upper layers too, but waiting for the helper would cost it 0.05 ms.
_HELPERS_SHARE = 0.45
# Both shares begin at a multiple of this many float32, where a cache line begins.
_CACHE_LINE = 16
# Images times weights of a batch: with fewer, waking the helper takes longer than it saves.
_MIN_WORK = 1e7


class PixelShare:
    """Some pixels, with the first layer's weights of these pixels: one thread's.

    Attributes
    ----------
    part
        Where its weights are in the flat vector.
    product
        These pixels' part of x @ kernel, shape (batch_size, units).
    """

    def __init__(self, network: MLP, gradient: Parameters, pixels: slice, batch_size: int) -> None:
        units = network.layer_sizes[1]
        self.part = slice(pixels.start * units, pixels.stop * units)
        self.product = np.empty((batch_size, units), network.dtype)
        self._pixels = pixels
        self._kernel, self._gradient = network.kernels[0][pixels], gradient.kernels[0][pixels]

    def multiply(self, x: FloatArray) -> None:
        """Fill as many rows of `product` as `x` has."""
        np.matmul(x[:, self._pixels], self._kernel, out=self.product[: len(x)])

    def differentiate(self, x: FloatArray, d_z: FloatArray) -> None:
        """Write the derivative with respect to these pixels' weights into the gradient."""
        np.matmul(x[:, self._pixels].T, d_z, out=self._gradient)


class ByPixels:
    """Take the steps of an epoch, each thread with some of the pixels.

    Parameters
    ----------
    network
        To be trained.
    config
        The recipe.
    source
        Gives the batches, each as one part.
    updates
        Move the parameters.
    threads
        Do the work: two of them at most.
    """

    def __init__(
        self, network: MLP, config: TrainingConfig, source: ShuffledRows, updates: Updates, threads: Threads
    ) -> None:
        self._network, self._config, self._source = network, config, source
        pixels, batch_size = network.layer_sizes[0], source.block_rows
        self._updates = updates
        self._threads = threads if batch_size * network.parameters.size >= _MIN_WORK else Threads(1)
        self._gradient = Parameters(network.layer_sizes, network.dtype)
        end = pixels if self._threads.count == 1 else round(pixels * (1 - _HELPERS_SHARE) / _CACHE_LINE) * _CACHE_LINE
        bounds = [slice(0, end), slice(end, pixels)][: self._threads.count]
        self._shares = [PixelShare(network, self._gradient, bound, batch_size) for bound in bounds]
        self._upper_layers = slice(network.kernels[0].size, network.parameters.size)
        # Images of the current batch, of the next one, and of the one after that, which is being loaded.
        self._buffers = deque(np.empty((batch_size, pixels), network.dtype) for _ in range(3))
        self._passes = Passes(config)

    def steps(self, epoch: int) -> Iterator[Measured]:
        """Yield what each batch measured, once its step has been taken."""
        parts = (part for (part,) in self._source.batches(epoch))
        first = next(parts).load(self._buffers[0])
        for share in self._shares:
            share.multiply(first.x)
        block: Block | None = first
        following = self._load(next(parts, None))
        number = 0
        while block is not None:
            measured, loaded = self._step(epoch, number, block, following, next(parts, None))
            number, block, following = number + 1, following, loaded
            yield measured

    def _step(
        self, epoch: int, number: int, block: Block, following: Block | None, to_load: Part | None
    ) -> tuple[Measured, Block | None]:
        """Take the step of `block`, whose products are ready, and compute those of the following one.

        Returns what was measured, and the block after the following one.
        """
        network, passes = self._network, self._passes[len(block)]
        mine, *helpers = self._shares
        passes.z[0] = mine.product[: len(block)]
        for share in helpers:
            passes.z[0] += share.product[: len(block)]
        rng = dropout_stream(self._config, epoch, number)
        passes.forward_from_products(network.kernels, network.biases, rng)
        measured = passes.measure(block.labels, len(block))
        # Early, so that the helper is awake by the time there are derivatives to work with.
        self._threads.start(self._load, to_load)
        passes.backward_to_first(network.kernels)
        self._updates.start_step(epoch, number)
        for share in helpers:
            self._threads.start(self._turn, share, block, following, passes.d_z[0])
        passes.fill_upper(self._gradient)
        self._updates.apply(self._gradient, self._upper_layers)
        self._turn(mine, block, following, passes.d_z[0])
        loaded = self._threads.result()
        for _ in helpers:
            self._threads.result()
        return measured, loaded

    def _load(self, part: Part | None) -> Block | None:
        """Gather a batch's images."""
        self._buffers.rotate()
        return part.load(self._buffers[0]) if part is not None else None

    def _turn(self, share: PixelShare, block: Block, following: Block | None, d_z: FloatArray) -> None:
        """Move a share's weights, and multiply the following images by them."""
        share.differentiate(block.x, d_z)
        self._updates.apply(self._gradient, share.part)
        if following is not None:
            share.multiply(following.x)
