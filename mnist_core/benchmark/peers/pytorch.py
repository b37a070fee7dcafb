"""PyTorch, eager, with its fused optimizers."""

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from mnist_core.data.dataset import Split
from mnist_core.nn import MLP
from mnist_core.nn.arrays import FloatArray
from mnist_core.nn.mlp import as_rows
from mnist_core.training import TrainingConfig

_BETA_2, _EPSILON = 0.999, 1e-7


class PyTorch:
    """See `Peer`. Tensors share the memory of NumPy's arrays."""

    version = f"PyTorch {torch.__version__}"

    def __init__(self, threads: int) -> None:
        torch.set_num_threads(threads)

    def load(self, split: Split) -> None:
        """Make float32 rows."""
        self._x = torch.from_numpy(as_rows(split.images, np.dtype(np.float32)))
        self._labels = torch.from_numpy(split.labels.astype(np.int64))

    def start(self, config: TrainingConfig, network: MLP) -> None:
        """Build the model and its optimizer."""
        self._batch_size = config.batch_size
        modules: list[torch.nn.Module] = []
        for fan_in, fan_out in pairwise(config.layer_sizes):
            modules += [torch.nn.Linear(fan_in, fan_out), torch.nn.ReLU()]
        self._model = torch.nn.Sequential(*modules[:-1])
        with torch.no_grad():
            for layer, kernel, bias in zip(self._model[::2], network.kernels, network.biases, strict=True):
                layer.weight.copy_(torch.from_numpy(kernel.T))
                layer.bias.copy_(torch.from_numpy(bias))
        self._adam, self._steps = config.optimizer == "adam", 0
        parameters, rate = list(self._model.parameters()), config.learning_rate
        self._optimizer: torch.optim.Optimizer = (
            torch.optim.Adam(parameters, rate, fused=True)
            if self._adam
            else torch.optim.SGD(parameters, rate, fused=True)
        )

    def prepare(self, order: NDArray[np.intp] | None) -> None:
        """Make a tensor of the order."""
        self._order = None if order is None else torch.from_numpy(order)

    def epoch(self) -> None:
        """Take the steps of one epoch, gathering each batch."""
        if self._order is None or self._batch_size is None:
            self._step(self._x, self._labels)
        else:
            for batch in self._order.split(self._batch_size):
                self._step(self._x[batch], self._labels[batch])

    def _step(self, x: torch.Tensor, labels: torch.Tensor) -> None:
        self._steps += 1
        for group in self._optimizer.param_groups if self._adam else ():
            # PyTorch adds epsilon after the correction of the mean square for its start at 0, the others before it.
            group["eps"] = _EPSILON / (1 - _BETA_2**self._steps) ** 0.5
        self._optimizer.zero_grad()
        torch.nn.functional.cross_entropy(self._model(x), labels).backward()
        self._optimizer.step()

    def arrays(self) -> list[FloatArray]:
        """Return the weights."""
        layers = self._model[::2]
        return [
            *(layer.weight.detach().numpy().T for layer in layers),
            *(layer.bias.detach().numpy() for layer in layers),
        ]

    def predict(self, x: FloatArray) -> NDArray[np.integer]:
        """Ask the model."""
        with torch.inference_mode():
            return self._model(torch.from_numpy(x)).argmax(dim=1).numpy()


def make(form: str, threads: int) -> PyTorch:
    """Return the contestant; there is one form."""
    return PyTorch(threads)
