"""The training loop: right, repeatable, resumable, and honest about what went wrong."""

from itertools import pairwise

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from mnist_core import MLP, TrainingConfig, train
from mnist_core.training import EpochProgress
from mnist_core.training.loop import Trainer


def weights_after(config, dataset, **options):
    trainer = train(config, dataset, **options)
    return list(trainer), trainer.network.parameters.copy()


RECIPES = {
    "full batch": {},
    "batches": {"batch_size": 64, "optimizer": "adam", "learning_rate": 0.01, "schedule": "one_cycle"},
    "everything": {
        "batch_size": 150,
        "optimizer": "adamw",
        "learning_rate": 0.01,
        "weight_decay": 0.01,
        "dropout": 0.2,
        "label_smoothing": 0.1,
        "augmentation": "elastic",
        "ema": 0.9,
        "validation_size": 500,
    },
    "full batch with dropout": {"dropout": 0.3, "optimizer": "nesterov"},
}


@pytest.fixture(params=RECIPES, ids=str)
def config(request):
    return TrainingConfig(epochs=6, hidden_units=(32, 16), **RECIPES[request.param])


def test_the_same_seed_gives_the_same_history_and_weights(config, small):
    first, first_weights = weights_after(config, small)
    second, second_weights = weights_after(config, small)
    assert [(r.cost, r.accuracy, r.gradient_norms) for r in first] == [
        (r.cost, r.accuracy, r.gradient_norms) for r in second
    ]
    assert np.array_equal(first_weights, second_weights)


def test_resuming_gives_bit_identical_weights(config, small):
    _, straight = weights_after(config, small)
    interrupted = train(config, small)
    for _ in range(3):
        next(interrupted)
    results, resumed = weights_after(config, small, resume_from=interrupted.checkpoint())
    assert [result.epoch for result in results] == [3, 4, 5]
    assert np.array_equal(straight, resumed)


def test_the_cost_falls_and_the_record_is_complete(config, small):
    results, _ = weights_after(config, small)
    assert [result.epoch for result in results] == list(range(6))
    assert results[-1].cost < results[0].cost
    assert results[-1].accuracy > results[0].accuracy
    for result in results:
        assert len(result.gradient_norms) == 3
        assert len(result.dead_shares) == 2
        assert result.gradient_norm == pytest.approx(np.sqrt(np.square(result.gradient_norms).sum()))
        assert (result.validation_cost is None) == (config.validation_size == 0)
        assert result.samples_per_s > 0
    assert all(a.elapsed_s < b.elapsed_s for a, b in pairwise(results))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_full_batch_agrees_with_textbook_backpropagation_in_float64(small, threads):
    trainer = train(TrainingConfig(epochs=10, dtype="float64"), small, threads=threads)
    kernels, biases = (
        [array.copy() for array in arrays] for arrays in (trainer.network.kernels, trainer.network.biases)
    )
    x, targets = small.train.images.reshape(-1, 784) / 255, np.eye(10)[small.train.labels]
    for result in trainer:
        h = [x]
        for kernel, bias in zip(kernels[:-1], biases[:-1], strict=True):
            h.append(np.maximum(h[-1] @ kernel + bias, 0))
        exponentials = np.exp(h[-1] @ kernels[-1] + biases[-1])
        probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
        assert result.cost == pytest.approx(-np.log((probabilities * targets).sum(axis=1)).mean(), abs=1e-12)
        delta = (probabilities - targets) / len(x)
        for layer in (2, 1, 0):
            kernel_gradient, bias_gradient = h[layer].T @ delta, delta.sum(axis=0)
            delta = (delta @ kernels[layer].T) * (h[layer] > 0)
            kernels[layer] -= 0.1 * kernel_gradient
            biases[layer] -= 0.1 * bias_gradient
    for ours, theirs in zip(trainer.network.kernels + trainer.network.biases, kernels + biases, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-12)


def test_the_cost_is_the_cross_entropy_and_the_objective_what_the_steps_make_smaller(small):
    """Full batch, so both are of the very weights that the pass begins with."""
    plain = train(TrainingConfig(epochs=1), small)
    recipe = TrainingConfig(epochs=1, label_smoothing=0.1, weight_decay=0.02, optimizer="adam")
    smoothed = train(recipe, small)
    probabilities = smoothed.network.predict_proba(small.train.images).astype(np.float64)
    squares = sum(np.square(kernel, dtype=np.float64).sum() for kernel in smoothed.network.kernels)
    targets = 0.9 * np.eye(10)[small.train.labels] + 0.01
    (plain_result,), (result,) = plain, smoothed
    assert plain_result.objective is None
    assert result.cost == pytest.approx(plain_result.cost, rel=1e-6)
    penalty = 0.01 * squares
    assert result.objective == pytest.approx(-(targets * np.log(probabilities)).sum() / 2000 + penalty, rel=1e-5)
    (decoupled,) = train(recipe.model_copy(update={"optimizer": "adamw"}), small)
    assert decoupled.objective == pytest.approx(result.objective - penalty, rel=1e-5)


def test_32_images_are_learnt_by_heart(small):
    config = TrainingConfig(epochs=200, train_size=32, learning_rate=0.1)
    results, _ = weights_after(config, small)
    assert results[-1].accuracy == 1
    assert results[-1].cost < 0.05


def test_a_cost_that_explodes_ends_the_run_in_words(small):
    trainer = train(TrainingConfig(epochs=300, learning_rate=100, hidden_units=(64, 64, 64)), small)
    results = list(trainer)
    assert trainer.status == "diverged"
    assert len(results) < 300
    assert f"in pass {results[-1].epoch + 1} over" in trainer.message
    assert "learning rate well below 100; 0.1 is usual for sgd." in trainer.message
    assert np.isfinite(results[0].cost)


def test_zeros_learn_only_the_last_bias(small):
    trainer = train(TrainingConfig(epochs=3, initializer="zeros"), small)
    assert [result.dead_shares for result in trainer] == [(1, 1)] * 3
    assert not any(kernel.any() for kernel in trainer.network.kernels)
    assert trainer.network.biases[-1].any()


def test_one_setting_does_not_disturb_another(small):
    """Initial weights depend on the seed alone, and validation images on nothing random."""
    plain = train(TrainingConfig(), small).network
    changed = train(TrainingConfig(dropout=0.5, batch_size=7, augmentation="affine", validation_size=100), small)
    assert np.array_equal(plain.parameters, changed.network.parameters)
    assert not np.array_equal(plain.parameters, train(TrainingConfig(seed=1), small).network.parameters)


def test_the_network_is_the_average_where_one_is_asked_for(small):
    config = TrainingConfig(epochs=4, batch_size=50, ema=0.95)
    averaged = train(config, small)
    list(averaged)
    trained = train(config.model_copy(update={"ema": 0.0}), small)
    list(trained)
    assert np.array_equal(averaged.checkpoint().parameters, trained.network.parameters)
    assert not np.array_equal(averaged.network.parameters, trained.network.parameters)
    assert np.array_equal(averaged.network.parameters, averaged.checkpoint().average)


def test_validation_measures_the_last_images(small):
    trainer = train(TrainingConfig(epochs=1, validation_size=300), small)
    (result,) = trainer
    images, labels = small.train.images[-300:], small.train.labels[-300:]
    assert result.validation_accuracy == (trainer.network.predict(images) == labels).mean()
    probabilities = trainer.network.predict_proba(images)[np.arange(300), labels]
    assert result.validation_cost == pytest.approx(-np.log(probabilities).mean(), rel=1e-5)


def test_long_epochs_mark_their_progress(mnist):
    trainer = train(TrainingConfig(epochs=1, hidden_units=(1024, 1024, 1024), batch_size=64), mnist)
    events = trainer.events()
    marks = [next(events), next(events)]
    assert all(isinstance(mark, EpochProgress) and mark.epoch == 0 for mark in marks)
    assert 0 < marks[0].share < marks[1].share < 1
    assert trainer.checkpoint().epochs_done == 0
    assert trainer.status == "running"


def test_blas_threads_are_restored_between_epochs(small):
    before = [library["num_threads"] for library in threadpool_info()]
    trainer = train(TrainingConfig(epochs=2), small)
    next(trainer)
    assert [library["num_threads"] for library in threadpool_info()] == before


def test_a_checkpoint_of_another_recipe_is_refused(small):
    trainer = train(TrainingConfig(epochs=1), small)
    next(trainer)
    with pytest.raises(ValueError, match=r"resume_from: expected 109386 parameters and optimizer state .*gradient_sum"):
        train(TrainingConfig(optimizer="adam"), small, resume_from=trainer.checkpoint())


def test_holding_out_everything_is_refused(small):
    with pytest.raises(ValueError, match="validation_size: expected fewer than the 2000 training images"):
        train(TrainingConfig(validation_size=2000), small)


def test_an_invalid_copy_is_refused(small):
    with pytest.raises(ValueError, match="learning_rate"):
        train(TrainingConfig().model_copy(update={"learning_rate": -1}), small)


def test_the_interface_that_others_rely_on(small):
    trainer = train(TrainingConfig(epochs=1), small)
    assert isinstance(trainer, Trainer)
    assert isinstance(trainer.network, MLP)
    assert iter(trainer) is trainer
    next(trainer)
    assert trainer.status == "finished"
    with pytest.raises(StopIteration):
        next(trainer)


def test_the_network_says_how_far_it_has_come(small):
    trainer = train(TrainingConfig(epochs=2, seed=7), small)
    assert (trainer.network.origin.status, trainer.network.origin.epochs_done) == ("unfinished", 0)
    next(trainer)
    assert (trainer.network.origin.status, trainer.network.origin.epochs_done) == ("unfinished", 1)
    next(trainer)
    origin = trainer.network.origin
    assert (origin.status, origin.epochs_done, origin.dataset_fingerprint) == ("finished", 2, small.fingerprint)
    assert TrainingConfig(**origin.config) == TrainingConfig(epochs=2, seed=7)
    assert trainer.network.copy().origin is None
