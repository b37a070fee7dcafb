"""MNIST and a multilayer perceptron from scratch: data, network, training, and what judges and stores runs."""

from mnist_core.data import Dataset, load_mnist
from mnist_core.nn import MLP
from mnist_core.training import EpochResult, TrainingConfig, train

__all__ = ["MLP", "Dataset", "EpochResult", "TrainingConfig", "load_mnist", "train"]
