"""scikit-learn's MLPClassifier: `partial_fit` is one epoch. NumPy's BLAS uses all cores by itself."""

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier

from mnist_core.data.dataset import CLASSES, Split
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.mlp import as_rows
from mnist_core.training import TrainingConfig


class ScikitLearn:
    """See `Peer`."""

    version = f"scikit-learn {sklearn.__version__}"

    def load(self, split: Split) -> None:
        """Make float32 rows."""
        self._rows, self._all_labels = as_rows(split.images, np.dtype(np.float32)), split.labels.astype(np.intp)
        self._x, self._labels = self._rows, self._all_labels

    def start(self, config: TrainingConfig, network: MLP) -> None:
        """Have the arrays made by a first tiny fit, then put the weights in and drop that fit's optimizer."""
        self._model = MLPClassifier(
            config.hidden_units,
            solver=config.optimizer,
            alpha=0.0,
            batch_size=CLASSES,
            learning_rate_init=config.learning_rate,
            shuffle=False,
            momentum=0.0,
            epsilon=1e-7,
        )
        some = np.zeros((CLASSES, len(network.kernels[0])), np.float32)
        self._model.partial_fit(some, np.arange(CLASSES), classes=np.arange(CLASSES))
        del self._model._optimizer
        self._batch_size = config.batch_size
        self._model.coefs_ = [kernel.copy() for kernel in network.kernels]
        self._model.intercepts_ = [bias.copy() for bias in network.biases]

    def prepare(self, order: NDArray[np.intp] | None) -> None:
        """Gather the images in their order: `partial_fit` can shuffle, but not in a given order."""
        self._model.set_params(batch_size=self._batch_size or len(self._rows))
        if order is not None:
            self._x, self._labels = self._rows[order], self._all_labels[order]

    def epoch(self) -> None:
        """Fit once over all images."""
        self._model.partial_fit(self._x, self._labels)

    def arrays(self) -> list[FloatArray]:
        """Return the weights."""
        return [*self._model.coefs_, *self._model.intercepts_]

    def predict(self, x: FloatArray) -> NDArray[np.integer]:
        """Ask the model."""
        return self._model.predict(x)


def make(form: str, threads: int) -> ScikitLearn:
    """Return the contestant; there is one form."""
    return ScikitLearn()
