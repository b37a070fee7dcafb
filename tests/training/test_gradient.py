"""The gradient of a batch does not depend on how the batch is cut, nor on which pixels are left out."""

import numpy as np
import pytest

from mnist_core import MLP, TrainingConfig
from mnist_core.threads import Threads
from mnist_core.training.blocks import InkedBlocks, ShuffledRows
from mnist_core.training.gradient import BatchGradients

CONFIG = TrainingConfig(dtype="float64")


def shuffled(split, threads):
    return ShuffledRows(split.images.reshape(-1, 784) / 255, split.labels.astype(np.intp), 2000, 300, seed=0)


def inked(split, threads):
    return InkedBlocks(split, "float64", threads)


@pytest.mark.parametrize("make_source", [shuffled, inked])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_blocks_sum_to_the_gradient_of_the_whole_batch(small, make_source, count):
    network = MLP(seed=1, dtype="float64")
    cost, kernel_gradients, bias_gradients = network.loss_and_gradients(small.train.images, small.train.labels)
    with Threads(count) as threads:
        pieces = list(BatchGradients(network, CONFIG, make_source(small.train, threads), 500, threads).pieces(0))
    assert sum(piece.images for piece in pieces) == 2000
    assert sum(piece.cost_sum for piece in pieces) / 2000 == pytest.approx(cost, abs=1e-12)
    correct = (network.predict(small.train.images) == small.train.labels).sum()
    assert sum(piece.correct for piece in pieces) == correct
    (gradient,) = [piece.gradient for piece in pieces if piece.gradient is not None]
    for ours, whole in zip(gradient.kernels + gradient.biases, kernel_gradients + bias_gradients, strict=True):
        assert ours == pytest.approx(whole, abs=1e-13)


def test_large_networks_come_in_several_pieces(small):
    network = MLP((784, 4096, 2048, 10), seed=1)
    config = TrainingConfig(hidden_units=(4096, 2048))
    with Threads(2) as threads:
        source = InkedBlocks(small.train, "float32", threads)
        pieces = list(BatchGradients(network, config, source, 500, threads).pieces(0))
    assert len(pieces) == 2
    assert [piece.gradient is None for piece in pieces] == [True, False]
