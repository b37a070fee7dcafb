"""Real MNIST, and small parts of it."""

import pytest

from mnist_core.data import Dataset, Split, load_mnist


@pytest.fixture(scope="session")
def mnist():
    return load_mnist()


@pytest.fixture(scope="session")
def small(mnist):
    """Return the first 2,000 training images and 500 test images."""
    train = Split(mnist.train.images[:2000], mnist.train.labels[:2000])
    return Dataset("small MNIST", "tests", train, Split(mnist.test.images[:500], mnist.test.labels[:500]))
