"""MNIST and a multilayer perceptron from scratch: data, network, training, and all that judges and stores a run."""

from mnist_core.data import Dataset, load_mnist
from mnist_core.nn import MLP
from mnist_core.training import EpochResult, TrainingConfig, train

__all__ = ["MLP", "Dataset", "EpochResult", "TrainingConfig", "load_mnist", "train"]
