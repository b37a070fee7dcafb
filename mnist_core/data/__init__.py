"""Images and labels: IDX files, the packaged MNIST, statistics and augmentation."""

from mnist_core.data.dataset import Dataset, Split
from mnist_core.data.mnist import load_mnist

__all__ = ["Dataset", "Split", "load_mnist"]
