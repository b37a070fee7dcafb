"""The network from scratch, in NumPy alone. Read in this order: initializers, activations, losses, mlp,
backpropagation, optimizers, schedules, gradient_check, origin, model_file.
"""  # noqa: D205

from mnist_core.nn.mlp import MLP

__all__ = ["MLP"]
