"""Threads that share a batch by pixels take the very steps of one that does everything in turn."""

import threading

import numpy as np
import pytest

from mnist_core import MLP, TrainingConfig
from mnist_core.nn.optimizers import make_optimizer
from mnist_core.nn.parameters import Parameters
from mnist_core.threads import Threads
from mnist_core.training.average import RunningAverage
from mnist_core.training.parallel.blocks import batch_order
from mnist_core.training.parallel.by_pixels import ByPixels
from mnist_core.training.parallel.sources import make_sharing, make_source
from mnist_core.training.parallel.updates import Updates

# 2000 images are 11 batches of 170 and one of 130.
RECIPE = {"dtype": "float64", "batch_size": 170, "learning_rate": 0.05, "ema": 0.9, "weight_decay": 0.01}


def one_epoch(config, split, count):
    """Return what an epoch measured, the network, its running average and the gradient norms."""
    network = MLP(config.layer_sizes, seed=1, dtype=config.dtype)
    average = RunningAverage(config.ema, network.parameters.copy())
    optimizer = make_optimizer(config.optimizer, network.weights, config.weight_decay, config.momentum)
    with Threads(count) as threads:
        source, steps = make_source(config, split, threads)
        updates = Updates(config, optimizer, average, steps)
        sharing = make_sharing(network, config, source, updates, threads)
        assert isinstance(sharing, ByPixels)
        measured = list(sharing.steps(0))
    return measured, network, average, updates.gradient_norms()


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adam", "adamw"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_steps_are_those_of_textbook_training(small, optimizer, count):
    config = TrainingConfig(**RECIPE, optimizer=optimizer)
    measured, network, average, norms = one_epoch(config, small.train, count)

    plain = MLP(config.layer_sizes, seed=1, dtype="float64")
    plain_average = RunningAverage(config.ema, plain.parameters.copy())
    by_hand = make_optimizer(optimizer, plain.weights, config.weight_decay, config.momentum)
    gradient = Parameters(config.layer_sizes, "float64")
    order = batch_order(config.seed, 0, 2000)
    for step, start in enumerate(range(0, 2000, 170)):
        batch = order[start : start + 170]
        images, labels = small.train.images[batch], small.train.labels[batch]
        cost, kernels, biases = plain.loss_and_gradients(images, labels)
        assert measured[step].cost / len(batch) == pytest.approx(cost, abs=1e-12)
        assert measured[step].correct == (plain.predict(images) == labels).sum()
        assert measured[step].images == len(batch)
        for view, array in zip([*gradient.kernels, *gradient.biases], [*kernels, *biases], strict=True):
            view[:] = array
        by_hand.step(gradient.vector, config.learning_rate)
        plain_average.update(plain.parameters, step + 1)
    # Adam divides by the root of a running mean square, and so enlarges rounding where a gradient is nearly 0.
    assert network.parameters == pytest.approx(plain.parameters, abs=1e-8 if "adam" in optimizer else 1e-13)
    assert average.vector == pytest.approx(plain_average.vector, abs=1e-8 if "adam" in optimizer else 1e-13)
    assert norms == pytest.approx([np.linalg.norm(kernel) for kernel in kernels])


def test_dropout_draws_the_same_masks_on_any_number_of_threads(small):
    config = TrainingConfig(**RECIPE, dropout=0.3)
    one, two = (one_epoch(config, small.train, count)[1] for count in (1, 2))
    assert two.parameters == pytest.approx(one.parameters, abs=1e-13)


def test_two_threads_give_the_same_bits_every_time(small):
    config = TrainingConfig(**{**RECIPE, "dtype": "float32", "batch_size": 128, "optimizer": "adam"})
    first, *others = (one_epoch(config, small.train, 2) for _ in range(3))
    for measured, network, _, norms in others:
        assert measured == first[0]
        assert np.array_equal(network.parameters, first[1].parameters)
        assert norms == first[3]


def test_leaving_in_the_middle_of_an_epoch_leaves_no_thread_waiting(small):
    config = TrainingConfig(**RECIPE)
    network = MLP(seed=1, dtype="float64")
    before = threading.active_count()
    with Threads(2) as threads:
        source, steps = make_source(config, small.train, threads)
        updates = Updates(config, make_optimizer("sgd", network.weights, 0.0, 0.0), None, steps)
        next(make_sharing(network, config, source, updates, threads).steps(0))
    assert threading.active_count() == before
