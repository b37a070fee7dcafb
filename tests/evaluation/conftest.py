"""A small network, trained for real, and what it says about the test set."""

import pytest

from mnist_core import TrainingConfig, load_mnist, train
from mnist_core.evaluation import predict


@pytest.fixture(scope="session")
def dataset():
    """Return the packaged MNIST."""
    return load_mnist()


@pytest.fixture(scope="session")
def config():
    """Return a recipe of under a second, which leaves some hundred errors and holds out 1000 images."""
    return TrainingConfig(
        hidden_units=(16,),
        epochs=3,
        batch_size=32,
        optimizer="adam",
        learning_rate=0.005,
        train_size=3000,
        validation_size=1000,
    )


@pytest.fixture(scope="session")
def network(config, dataset):
    """Return the trained network."""
    trainer = train(config, dataset)
    for _ in trainer:
        pass
    return trainer.network


@pytest.fixture(scope="session")
def predictions(network, dataset):
    """Return its answers for the 10,000 test images."""
    return predict(network, dataset.test)
