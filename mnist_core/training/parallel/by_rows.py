"""Share a batch's work by images: its blocks go through the network side by side, and their gradients are summed.

Each lane belongs to one thread at a time and sums its blocks in their order; the lanes' sums are added in lane order.
So the result depends on the number of threads (by rounding alone) but never on timing.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate

import numpy as np

from mnist_core.nn import MLP
from mnist_core.nn.losses import Measured
from mnist_core.nn.parameters import Parameters, count_parameters
from mnist_core.threads import Threads
from mnist_core.training.config import TrainingConfig
from mnist_core.training.parallel.blocks import Block, Part, Source
from mnist_core.training.parallel.passes import Passes, dropout_stream
from mnist_core.training.parallel.updates import Updates

# Work between two chances to report progress or to stop: about 0.1 s on two cores. At each, threads meet.
_ROUND_FLOP = 4e10


class Lane:
    """One thread's arrays, and its share of a batch's gradient."""

    def __init__(self, network: MLP, config: TrainingConfig, block_rows: int) -> None:
        self._network = network
        self.buffer = np.empty((block_rows, network.layer_sizes[0]), network.dtype)
        self.gradient = Parameters(network.layer_sizes, network.dtype)
        self._block_gradient = Parameters(network.layer_sizes, network.dtype)
        self._inked_rows = np.empty_like(network.kernels[0])
        self._passes = Passes(config)
        self._is_first = True

    def start(self) -> None:
        """Begin a new batch."""
        self._is_first = True

    def add(self, block: Block, n: int, rng: np.random.Generator | None) -> Measured:
        """Add a block's part of the gradient of a batch of `n`, and return what it measured."""
        run = self._passes[len(block)].run
        kernels, biases = self._network.kernels, self._network.biases
        if block.columns is not None:
            rows = np.take(kernels[0], block.columns, axis=0, out=self._inked_rows[: len(block.columns)], mode="clip")
            measured = run(block.x, block.labels, [rows, *kernels[1:]], biases, self._block_gradient, n, rng)
            self._add_inked(block.columns)
        elif self._is_first:
            measured = run(block.x, block.labels, kernels, biases, self.gradient, n, rng)
        else:
            measured = run(block.x, block.labels, kernels, biases, self._block_gradient, n, rng)
            self.gradient.vector += self._block_gradient.vector
        self._is_first = False
        return measured

    def _add_inked(self, columns: np.ndarray) -> None:
        """Add the block's gradient where the block has ink; all other pixels' derivatives are exactly 0."""
        if self._is_first:
            self.gradient.vector[:] = 0
        total, block = self.gradient, self._block_gradient
        total.kernels[0][columns] += block.kernels[0][: len(columns)]
        rest = slice(total.kernels[0].size, None)
        total.vector[rest] += block.vector[rest]


class ByRows:
    """Take the steps of an epoch, each thread with some of a batch's images.

    Parameters
    ----------
    network
        Its parameters are read again for each batch.
    config
        The recipe.
    source
        Gives the batches.
    updates
        Move the parameters.
    threads
        Do the work.
    """

    def __init__(
        self, network: MLP, config: TrainingConfig, source: Source, updates: Updates, threads: Threads
    ) -> None:
        self._config, self._source, self._updates, self._threads = config, source, updates, threads
        self._lanes = [Lane(network, config, source.block_rows) for _ in range(threads.count)]
        block_flop = 6.0 * source.block_rows * count_parameters(network.layer_sizes)
        self._parts_at_once = max(1, round(_ROUND_FLOP / block_flop / threads.count)) * threads.count

    def steps(self, epoch: int) -> Iterator[Measured]:
        """Yield what each batch measured, in one or more pieces; after the last of them, its step is taken."""
        batches = self._source.batches(epoch)
        number, batch = 0, next(batches)
        while batch:
            following = next(batches, [])
            *firsts, n = accumulate((len(part) for part in batch), initial=0)
            placed = list(zip(firsts, batch, strict=True))
            for lane in self._lanes:
                lane.start()
            for start in range(0, len(batch), self._parts_at_once):
                parts = placed[start : start + self._parts_at_once]
                add = partial(self._add, n, epoch, number)
                measured = self._threads.map(add, enumerate(parts))
                if start + len(parts) == len(batch):
                    self._updates.start_step(epoch, number)
                    self._move_and_load(self._lanes[: len(batch)], following)
                yield Measured(*map(sum, zip(*measured, strict=True)))
            number, batch = number + 1, following

    def _add(self, n: int, epoch: int, batch: int, numbered: tuple[int, tuple[int, Part]]) -> Measured:
        number, (first, part) = numbered
        lane = self._lanes[number % len(self._lanes)]
        rng = dropout_stream(self._config, epoch, batch, first)
        return lane.add(part.load(lane.buffer), n, rng)

    def _move_and_load(self, lanes: Sequence[Lane], following: list[Part]) -> None:
        """Move the parameters while a helper loads what comes next, as many parts as there are buffers."""
        waiting = iter(range(min(len(following), len(self._lanes))))

        def load() -> None:
            # Both threads take from one iterator, so that each part is loaded once.
            for number in waiting:
                following[number] = following[number].load(self._lanes[number].buffer)

        self._threads.start(load)
        gradient = _sum(lanes)
        self._updates.apply(gradient, slice(0, gradient.vector.size))
        load()
        self._threads.result()


def _sum(lanes: Sequence[Lane]) -> Parameters:
    total = lanes[0].gradient
    for lane in lanes[1:]:
        total.vector += lane.gradient.vector
    return total
