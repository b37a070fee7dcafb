"""A small network, trained for real, and what it says about the test set."""

import pytest

from mnist_core import load_mnist
from mnist_core.evaluation import predict
from tests.evaluation.stored_run import RECIPE, trained


@pytest.fixture(scope="session")
def dataset():
    """Return the packaged MNIST."""
    return load_mnist()


@pytest.fixture(scope="session")
def network():
    """Return a network that makes some hundred errors."""
    return trained(RECIPE)[0].network


@pytest.fixture(scope="session")
def predictions(network, dataset):
    """Return its answers for the 10,000 test images."""
    return predict(network, dataset.test)
