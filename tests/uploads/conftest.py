import pytest

from mnist_core import MLP, load_mnist


@pytest.fixture(scope="session")
def dataset():
    """Return the packaged MNIST."""
    return load_mnist()


@pytest.fixture(scope="session")
def network():
    """Return a network with weights in all of its parts."""
    network = MLP((784, 20, 10), "tanh", seed=3)
    network.biases[0][:] = 0.1
    return network
