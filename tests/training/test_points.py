"""Points within the epochs of short runs: where they lie, and that they add up to the epochs."""

import numpy as np
import pytest

from mnist_core import TrainingConfig, train
from mnist_core.training import EpochResult

RECIPE = {"hidden_units": (16,), "optimizer": "adam", "learning_rate": 0.01, "batch_size": 30}


def events_of(dataset, **changes):
    """Return the points and the results of a run on 2000 images."""
    events = list(train(TrainingConfig(**(RECIPE | changes)), dataset).events())
    points = [event.point for event in events if not isinstance(event, EpochResult) and event.point is not None]
    return points, [event for event in events if isinstance(event, EpochResult)]


@pytest.mark.parametrize(("epochs", "in_epoch"), [(1, 50), (3, 16), (25, 2)])
def test_a_short_run_has_about_50_points_at_equal_distances(small, epochs, in_epoch):
    points, results = events_of(small, epochs=epochs)
    assert [point.epoch for point in points] == sorted([*range(epochs)] * in_epoch)
    seen = np.array([point.images_seen for point in points]).reshape(epochs, in_epoch)
    expected = 2000 * (np.arange(epochs)[:, None] + np.arange(1, in_epoch + 1) / in_epoch)
    assert (seen >= expected - 1e-6).all()
    assert (seen < expected + 30).all()
    assert seen[:, -1].tolist() == [2000 * (epoch + 1) for epoch in range(epochs)]
    distances = np.diff(seen.ravel(), prepend=0).reshape(seen.shape)
    for number, result in enumerate(results):
        in_this = points[number * in_epoch : (number + 1) * in_epoch]
        weights = distances[number]
        assert np.average([point.cost for point in in_this], weights=weights) == pytest.approx(result.cost)
        assert np.average([point.accuracy for point in in_this], weights=weights) == pytest.approx(result.accuracy)
    assert points[0].cost > 1.5 > points[-1].cost


@pytest.mark.parametrize(
    "changes", [{"epochs": 26}, {"epochs": 1, "batch_size": None}, {"epochs": 1, "batch_size": 2000}]
)
def test_long_runs_and_full_batches_have_none(small, changes):
    points, results = events_of(small, **changes)
    assert points == []
    assert len(results) == changes["epochs"]


def test_few_batches_give_as_few_points(small):
    points, _ = events_of(small, epochs=1, batch_size=600)
    assert [point.images_seen for point in points] == [600, 1200, 1800, 2000]


def test_a_resumed_run_gives_the_same_points(small):
    points, _ = events_of(small, epochs=3)
    config = TrainingConfig(**RECIPE, epochs=3)
    interrupted = train(config, small)
    next(interrupted)
    resumed = train(config, small, resume_from=interrupted.checkpoint())
    assert [event.point for event in resumed.events() if getattr(event, "point", None)] == points[16:]
