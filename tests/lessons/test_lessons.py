import numpy as np
import pytest

from mnist_core import load_mnist, train
from mnist_core.lessons.catalogue import LESSONS, first_network, lesson_network, one_step
from mnist_core.lessons.evidence import compare_dead_units, compare_gradients, dead_shares
from mnist_core.lessons.film import film_images
from mnist_core.lessons.one_update import compute_update
from mnist_core.lessons.step_sizes import batch_curve, batch_gradient, mean_cost
from mnist_core.nn import MLP


def test_the_first_network_is_that_of_a_run(dataset):
    config = LESSONS["sigmoid"].config.model_copy(update={"seed": 4})
    assert np.array_equal(first_network(config).parameters, train(config, dataset).network.parameters)


def test_with_zeros_only_the_last_biases_have_a_gradient(dataset, batch):
    network = lesson_network("zeros", batch)
    update = compute_update(network, dataset.train.images[0], 5, 0.1)
    assert not any(kernel.any() for kernel in update.gradient.kernels)
    assert [bool(bias.any()) for bias in update.gradient.biases] == [False, False, True]
    table = compare_gradients("zeros", batch)
    assert (table["lesson"] == 0).all()
    assert (table["remedy"] > 1e-3).all()


def test_a_step_far_too_large_ends_higher_than_it_began(batch):
    lesson = LESSONS["rate"]
    curve = batch_curve(first_network(lesson.config), batch).set_index("learning_rate")["cost"]
    start = mean_cost(first_network(lesson.config), batch)
    assert curve[lesson.config.learning_rate] > 5 * start
    assert curve[lesson.remedy.learning_rate] < start


def test_gradients_vanish_through_sigmoids_and_not_through_relus(batch):
    table = compare_gradients("sigmoid", batch)
    assert list(table["layer"]) == [1, 2, 3, 4, 5, 6, 7]
    assert table["lesson"].is_monotonic_increasing
    assert table["lesson"].iloc[-1] > 1000 * table["lesson"].iloc[0]
    assert table["remedy"].iloc[-1] < 10 * table["remedy"].iloc[0]


def test_dead_units_get_no_gradient(batch):
    network = lesson_network("dead", batch)
    table = compare_dead_units("dead", batch, batch)
    assert (table[["before", "remedy"]] < 0.02).all(axis=None)
    assert (table["lesson"] > 0.1).all()
    dead = ~(np.maximum(batch.images.reshape(len(batch), -1) / 255 @ network.kernels[0] + network.biases[0], 0)).any(0)
    assert dead.mean() == table["lesson"].iloc[0]
    gradient = batch_gradient(network, batch)
    assert not gradient.kernels[0][:, dead].any()
    assert gradient.kernels[0][:, ~dead].any()


def test_each_lesson_and_its_remedy_have_the_same_shape():
    for lesson in LESSONS.values():
        assert lesson.config.layer_sizes == lesson.remedy.layer_sizes
        assert isinstance(first_network(lesson.config), MLP)


def test_a_film_is_judged_on_held_out_images_or_else_on_training_images(dataset):
    config = LESSONS["rate"].config
    chosen, words = film_images(config.model_copy(update={"validation_size": 1000}), dataset)
    assert np.array_equal(chosen.labels, dataset.train.labels[-1000:])
    assert words == "1,000 images held out from training"
    chosen, words = film_images(config, dataset)
    assert np.array_equal(chosen.labels, dataset.train.labels[:2000])
    assert words == "2,000 training images"


def test_units_are_dead_on_all_images_and_those_of_the_second_layer_can_wake(batch):
    everything = load_mnist().train
    network = lesson_network("dead", batch)
    dead = _dead(network, everything)
    table = compare_dead_units("dead", batch, everything)
    assert table["lesson"].tolist() == [units.mean() for units in dead]
    # On 500 images alone some units only seem dead.
    assert dead[1].sum() < dead_shares(network, batch)[1] * len(dead[1])
    later = network
    for _ in range(4):
        later = one_step(later, batch, LESSONS["dead"].config.learning_rate)
        now = _dead(later, everything)
        assert now[0][dead[0]].all()  # a unit of the first layer never wakes
        if (dead[1] & ~now[1]).any():
            return
    pytest.fail("no unit of the second layer woke")


def _dead(network, split):
    h1 = np.maximum(split.images.reshape(len(split), -1) / 255 @ network.kernels[0] + network.biases[0], 0)
    h2 = np.maximum(h1 @ network.kernels[1] + network.biases[1], 0)
    return [~(h > 0).any(axis=0) for h in (h1, h2)]
