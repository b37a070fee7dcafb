"""The gradient of a whole batch: its blocks go through the network side by side, and what they give is summed.

Each lane belongs to one thread at a time and sums its blocks in their order; the lanes' sums are added in lane order.
So the result depends on the number of threads, by rounding alone, but never on timing.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from mnist_core.nn import MLP
from mnist_core.nn.backpropagation import Backpropagation
from mnist_core.nn.parameters import Parameters, count_parameters
from mnist_core.threads import Threads
from mnist_core.training.blocks import Block, Part, Source
from mnist_core.training.config import TrainingConfig
from mnist_core.training.streams import stream

# Work between two chances to report progress or to stop: about 0.1 s on two cores. Threads wait for one another there.
_ROUND_FLOP = 4e10


class Piece(NamedTuple):
    """What some images of a batch measured; with the last of them, the batch's gradient."""

    cost_sum: float
    correct: int
    images: int
    gradient: Parameters | None = None


class Lane:
    """One thread's arrays, and its share of a batch's gradient."""

    def __init__(self, network: MLP, config: TrainingConfig, block_rows: int) -> None:
        self._network, self._config = network, config
        self.buffer = np.empty((block_rows, network.layer_sizes[0]), network.dtype)
        self.gradient = Parameters(network.layer_sizes, network.dtype)
        self._block_gradient = Parameters(network.layer_sizes, network.dtype)
        self._inked_rows = np.empty_like(network.kernels[0])
        self._passes: dict[int, Backpropagation] = {}
        self._is_first = True

    def start(self) -> None:
        """Begin a new batch."""
        self._is_first = True

    def add(self, block: Block, n: int, rng: np.random.Generator | None) -> tuple[float, int]:
        """Add a block's part of the gradient of a batch of `n`; return its cost, summed, and its correct images."""
        run = self._pass(len(block.labels)).run
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

    def _pass(self, rows: int) -> Backpropagation:
        """Return the arrays for `rows` images, kept: only the last block of a batch has another size."""
        if rows not in self._passes:
            config, sizes = self._config, self._network.layer_sizes
            self._passes[rows] = Backpropagation(
                sizes, config.activation, rows, config.dtype, config.label_smoothing, config.dropout
            )
        return self._passes[rows]


class BatchGradients:
    """Go through the batches of an epoch, giving the gradient of each.

    Parameters
    ----------
    network
        Its parameters are read anew for each batch.
    config
        The recipe.
    source
        Gives the batches.
    block_rows
        Most images of one block of the source.
    threads
        Do the work.
    """

    def __init__(self, network: MLP, config: TrainingConfig, source: Source, block_rows: int, threads: Threads) -> None:
        self._config, self._source, self._threads = config, source, threads
        self._lanes = [Lane(network, config, block_rows) for _ in range(threads.count)]
        block_flop = 6.0 * block_rows * count_parameters(network.layer_sizes)
        self._parts_at_once = max(1, round(_ROUND_FLOP / block_flop / threads.count)) * threads.count

    def pieces(self, epoch: int) -> Iterator[Piece]:
        """Yield each batch in one or more pieces; the last piece of a batch carries its gradient."""
        parts_done = 0
        for batch in self._source.batches(epoch):
            n = sum(len(part) for part in batch)
            lanes = self._lanes[: len(batch)]
            for lane in lanes:
                lane.start()
            for start in range(0, len(batch), self._parts_at_once):
                parts = batch[start : start + self._parts_at_once]
                add = partial(self._add, n, epoch, parts_done)
                costs, correct = zip(*self._threads.map(add, enumerate(parts)), strict=True)
                parts_done += len(parts)
                gradient = _sum(lanes) if start + len(parts) == len(batch) else None
                yield Piece(sum(costs), sum(correct), sum(len(part) for part in parts), gradient)

    def _add(self, n: int, epoch: int, parts_done: int, numbered: tuple[int, Part]) -> tuple[float, int]:
        number, part = numbered
        lane = self._lanes[number % len(self._lanes)]
        rng = stream(self._config.seed, "dropout", epoch, parts_done + number) if self._config.dropout else None
        return lane.add(part.load(lane.buffer), n, rng)


def _sum(lanes: Sequence[Lane]) -> Parameters:
    total = lanes[0].gradient
    for lane in lanes[1:]:
        total.vector += lane.gradient.vector
    return total
