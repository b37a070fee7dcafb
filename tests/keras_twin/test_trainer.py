import numpy as np
import pytest

from mnist_core.keras_twin import notes_on, train_twin
from mnist_core.keras_twin.differences import Differences, read_differences, sameness
from mnist_core.keras_twin.lockstep import Lockstep
from mnist_core.nn import MLP
from mnist_core.training import EpochProgress, EpochResult, TrainingConfig, train

SMALL = TrainingConfig(
    hidden_units=(8,), train_size=300, batch_size=100, epochs=4, optimizer="adam", learning_rate=0.01
)


def finish(trainer):
    return list(trainer)


def test_a_finished_run_has_every_epoch_and_says_so(dataset):
    twin = train_twin(SMALL, dataset)
    assert twin.status == "running"
    results = finish(twin)
    assert [result.epoch for result in results] == [0, 1, 2, 3]
    assert twin.status == "finished"
    assert results[-1].cost < results[0].cost
    assert results[-1].elapsed_s > results[0].elapsed_s > 0


def test_resuming_goes_on_as_if_nothing_had_happened(dataset):
    config = SMALL.model_copy(update={"dropout": 0.3})
    whole = train_twin(config, dataset)
    finish(whole)
    half = train_twin(config, dataset)
    next(half)
    next(half)
    resumed = train_twin(config, dataset, half.checkpoint())
    assert [result.epoch for result in finish(resumed)] == [2, 3]
    np.testing.assert_allclose(resumed.network.parameters, whole.network.parameters, atol=1e-6)


def test_numpy_can_go_on_from_a_checkpoint_of_keras(dataset):
    config = SMALL.model_copy(update={"dtype": "float64"})
    whole, twin = train(config, dataset), train_twin(config, dataset)
    finish(whole)
    next(twin)
    going_on = train(config, dataset, twin.checkpoint())
    finish(going_on)
    assert np.abs(going_on.network.parameters - whole.network.parameters).max() < 1e-12


def test_a_checkpoint_of_another_optimizer_is_refused(dataset):
    checkpoint = train(SMALL.model_copy(update={"optimizer": "sgd"}), dataset).checkpoint()
    with pytest.raises(ValueError, match=r"state \['gradient_sum', 'square_sum', 'steps'\], received .* \[\]"):
        train_twin(SMALL, dataset, checkpoint)


def test_the_first_weights_can_be_given(dataset):
    network = MLP((784, 8, 10), seed=5)
    twin = train_twin(SMALL, dataset, initial=network)
    assert (twin.network.parameters == network.parameters).all()
    np.testing.assert_allclose(
        twin.model.predict_on_batch(dataset.test.images[:50].reshape(50, -1) / np.float32(255)),
        network.logits(dataset.test.images[:50]),
        atol=1e-6,
    )


def test_a_network_of_another_shape_is_refused_as_first_weights(dataset):
    with pytest.raises(ValueError, match="expected 6370 parameters"):
        train_twin(SMALL, dataset, initial=MLP((784, 9, 10)))


def test_too_large_steps_end_as_diverged_in_words(dataset):
    config = TrainingConfig(hidden_units=(64, 64, 64), train_size=300, epochs=200, learning_rate=100)
    twin = train_twin(config, dataset)
    results = finish(twin)
    assert twin.status == "diverged"
    assert len(results) < 200
    assert "Try a learning rate well below 100" in twin.message


def test_a_long_epoch_marks_its_progress(dataset):
    config = TrainingConfig(hidden_units=(256,), train_size=20_000, batch_size=10, epochs=1)
    marks = [event for event in train_twin(config, dataset).events() if isinstance(event, EpochProgress)]
    assert marks
    assert [mark.share for mark in marks] == sorted({mark.share for mark in marks})
    assert 0 < marks[0].share < 1


def test_lockstep_measures_every_epoch_also_after_an_interruption(dataset):
    kept = []
    first = Lockstep(train_twin(SMALL, dataset), train(SMALL, dataset), None, kept.append)
    events = (event for event in first.events() if isinstance(event, EpochResult))
    next(events)
    next(events)
    checkpoint = first.checkpoint()
    again = Lockstep(train_twin(SMALL, dataset, checkpoint), train(SMALL, dataset), kept[-1], kept.append)
    finish(again.events())
    assert again.checkpoint().epochs_done == 4
    assert again.status == "finished"
    table = read_differences(kept[-1])
    assert table["epoch"].tolist() == [0, 1, 2, 3]
    assert table["weights"].between(0, 1e-5).all()
    assert table["cost"].between(0, 1e-5).all()


def test_lockstep_sees_a_network_that_is_another(dataset):
    kept = []
    other = SMALL.model_copy(update={"seed": 1})
    pair = Lockstep(train_twin(SMALL, dataset), train(other, dataset), None, kept.append)
    finish(pair.events())
    pair.checkpoint()
    assert read_differences(kept[-1])["weights"].min() > 0.1


def told(weights, **config):
    differences = Differences()
    differences.add(0, (np.zeros(3), np.array([0, weights / 10, 0])), (0.5, 0.5))
    differences.add(9, (np.zeros(3), np.array([0, weights, 0])), (0.5, 0.25))
    return sameness(read_differences(differences.to_bytes()), TrainingConfig(**config))


@pytest.mark.parametrize(
    ("weights", "config", "answer", "words"),
    [
        (2e-6, {}, True, "That is rounding: in float32"),
        (0.2, {}, None, "After 1 epoch they were 2.0e-02 apart. float32 keeps seven digits"),
        (1e-14, {"dtype": "float64"}, True, "That is rounding: in float64"),
        (1e-9, {"dtype": "float64"}, True, "amplified a little"),
        (2e-3, {"dtype": "float64"}, False, "compute different things"),
        (0.1, {"dropout": 0.2}, None, "two runs of one recipe"),
        (np.nan, {}, None, "no longer numbers"),
    ],
)
def test_whether_it_is_the_same_network_is_answered_with_its_reason(weights, config, answer, words):
    same = told(weights, **config)
    assert same.answer is answer
    assert words in same.words


def test_the_size_of_the_difference_is_named():
    words = told(2e-6).words
    assert words.startswith("After 10 epochs none of the 109,386 weights differs by more than 2.0e-06")
    assert "the cost differs by 2.5e-01" in words


def test_an_equal_cost_is_called_equal():
    differences = Differences()
    differences.add(0, (np.zeros(3), np.full(3, 1e-7)), (0.5, 0.5))
    words = sameness(read_differences(differences.to_bytes()), TrainingConfig()).words
    assert "and the cost is exactly the same." in words


def test_what_has_no_counterpart_is_named():
    assert notes_on(TrainingConfig()) == ()
    assert "other random masks" in notes_on(TrainingConfig(dropout=0.2))[0]
    assert "restores them" in notes_on(TrainingConfig(optimizer="adam"))[0]
