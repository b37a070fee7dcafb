"""Real digits, and networks of several architectures: fresh, and trained until they are sure of themselves."""

import pytest

from mnist_core import MLP, TrainingConfig, load_mnist, train
from mnist_core.lessons.step_sizes import first

ARCHITECTURES = {
    "published": ((784, 128, 64, 10), "relu"),
    "no hidden layer": ((784, 10), "relu"),
    "one tanh layer": ((784, 30, 10), "tanh"),
    "deep sigmoid": ((784, 40, 30, 20, 10), "sigmoid"),
}


@pytest.fixture(scope="session")
def dataset():
    return load_mnist()


@pytest.fixture(scope="session")
def batch(dataset):
    return first(dataset.train, 200)


@pytest.fixture(params=ARCHITECTURES)
def network(request):
    sizes, activation = ARCHITECTURES[request.param]
    return MLP(sizes, activation, seed=3)


@pytest.fixture(scope="session")
def trained(dataset):
    """A network that has seen a few images so often that it is nearly certain of them."""
    config = TrainingConfig(hidden_units=(32,), optimizer="adam", learning_rate=0.01, epochs=60, train_size=200)
    trainer = train(config, dataset)
    for _ in trainer:
        pass
    return trainer.network
