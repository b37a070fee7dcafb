"""What is drawn at random hangs on the seed, the batch and the image in it: threads change rounding alone."""

import pytest

from mnist_core import TrainingConfig, train

# Enough work in a batch for three threads, so that every number of them cuts it in another way.
RECIPE = {"epochs": 2, "hidden_units": (96, 32), "dtype": "float64", "learning_rate": 0.05}


@pytest.mark.parametrize("batch_size", [500, 560, None])
@pytest.mark.parametrize("drawn", [{"augmentation": "elastic"}, {"augmentation": "affine"}, {"dropout": 0.4}], ids=str)
def test_threads_change_rounding_alone(small, batch_size, drawn):
    config = TrainingConfig(**RECIPE, **drawn, batch_size=batch_size)
    trained = {}
    for threads in (1, 2, 3):
        trainer = train(config, small, threads=threads)
        results = list(trainer)
        trained[threads] = trainer.network.parameters, [result.cost for result in results]
    for threads in (2, 3):
        assert trained[threads][0] == pytest.approx(trained[1][0], abs=1e-12)
        assert trained[threads][1] == pytest.approx(trained[1][1], abs=1e-12)
