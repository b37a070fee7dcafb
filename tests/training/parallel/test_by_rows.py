"""The step of a batch does not depend on how the batch is cut, nor on which pixels are left out."""

import numpy as np
import pytest

from mnist_core import MLP, TrainingConfig
from mnist_core.nn.optimizers import GradientDescent
from mnist_core.threads import Threads
from mnist_core.training.parallel.blocks import InkedBlocks, ShuffledRows
from mnist_core.training.parallel.by_rows import ByRows
from mnist_core.training.parallel.updates import Updates

CONFIG = TrainingConfig(dtype="float64", learning_rate=1.0)


def shuffled(split, threads):
    return ShuffledRows(split.images.reshape(-1, 784), split.labels.astype(np.intp), 2000, 300, seed=0)


def inked(split, threads):
    return InkedBlocks(split, threads)


@pytest.mark.parametrize("make_source", [shuffled, inked])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_blocks_sum_to_the_gradient_of_the_whole_batch(small, make_source, count):
    network = MLP(seed=1, dtype="float64")
    before = network.parameters.copy()
    cost, kernels, biases = network.loss_and_gradients(small.train.images, small.train.labels)
    correct = (network.predict(small.train.images) == small.train.labels).sum()
    updates = Updates(CONFIG, GradientDescent(network.weights), None, 1)
    with Threads(count) as threads:
        (measured,) = ByRows(network, CONFIG, make_source(small.train, threads), updates, threads).steps(0)
    assert measured.images == 2000
    assert measured.cost / 2000 == pytest.approx(cost, abs=1e-12)
    assert measured.correct == correct
    gradient = np.concatenate([array.ravel() for array in (*kernels, *biases)])
    assert before - network.parameters == pytest.approx(gradient, abs=1e-13)
    assert updates.gradient_norms() == pytest.approx([np.linalg.norm(kernel) for kernel in kernels])


def test_large_networks_come_in_several_pieces(small):
    network = MLP((784, 4096, 2048, 10), seed=1)
    before = network.parameters.copy()
    config = TrainingConfig(hidden_units=(4096, 2048))
    updates = Updates(config, GradientDescent(network.weights), None, 1)
    with Threads(2) as threads:
        source = InkedBlocks(small.train, threads)
        steps = ByRows(network, config, source, updates, threads).steps(0)
        first = next(steps)
        assert first.images < 2000
        assert np.array_equal(network.parameters, before)
        second = next(steps)
        assert first.images + second.images == 2000
        assert not np.array_equal(network.parameters, before)
