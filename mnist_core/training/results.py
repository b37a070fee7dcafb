"""What training reports: one record an epoch, marks within long epochs, and checkpoints to continue from."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["running", "finished", "diverged"]


@dataclass(frozen=True, slots=True)
class EpochResult:
    """What pass number `epoch` over the training images measured.

    Attributes
    ----------
    epoch
        Number of the pass, from 0.
    cost
        Mean cross-entropy of the training images, measured in the forward pass before each update. Full batch: after
        `epoch` updates.
    accuracy
        Share of the training images classified correctly in the same pass, in [0, 1].
    validation_cost, validation_accuracy
        Mean cross-entropy and accuracy on the held-out images after the pass; None if none are.
    learning_rate
        Learning rate of the pass's last step.
    gradient_norms
        Euclidean norm of each layer's kernel gradient in the pass's last step, first layer first.
    dead_shares
        For each hidden layer, the share of ReLU units in [0, 1] that gave 0 for each of 500 training images when the
        pass began. Empty for other activations.
    elapsed_s
        Training time since the run began, in seconds; pauses do not count.
    samples_per_s
        Training images a second in this pass.
    objective
        What the steps make smaller, where that is not simply the cost: the mean cross-entropy with smoothed labels,
        plus the penalty of the weights that the pass began with. None with neither label smoothing nor a penalty.
    """

    epoch: int
    cost: float
    accuracy: float
    validation_cost: float | None
    validation_accuracy: float | None
    learning_rate: float
    gradient_norms: tuple[float, ...]
    dead_shares: tuple[float, ...]
    elapsed_s: float
    samples_per_s: float
    objective: float | None = None

    @property
    def gradient_norm(self) -> float:
        """Euclidean norm of all kernel gradients together."""
        return float(np.linalg.norm(self.gradient_norms))


@dataclass(frozen=True, slots=True)
class Point:
    """What some consecutive batches within a pass measured: short runs have about 50 points, long ones none.

    Attributes
    ----------
    epoch
        Number of the pass, from 0.
    images_seen
        Images the network has learnt from since the run began, up to the last of these batches; an image counts once a
        pass.
    cost, accuracy
        Mean cross-entropy of the batches' images, and the share of them classified correctly, in [0, 1]; each measured
        before its batch's update.
    """

    epoch: int
    images_seen: int
    cost: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class EpochProgress:
    """A mark within an epoch.

    Attributes
    ----------
    epoch
        Number of the pass, from 0.
    share
        How much of it is done, in [0, 1].
    point
        What was measured since the last point, if one is due.
    """

    epoch: int
    share: float
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All that training needs to continue bit-identically after `epochs_done` passes.

    Random numbers need no entry: every stream is made again from the config's seed, its purpose and the epoch
    (`mnist_core.training.streams`).

    Attributes
    ----------
    epochs_done
        Passes finished; the next pass has this number.
    parameters
        Flat vector of all kernels and biases, shape (parameter_count,), in the config's dtype.
    optimizer_state
        The optimizer's arrays by name, each of the shape of `parameters` or scalar.
    average
        Running average of the parameters, where the config asks for one.
    elapsed_s
        Training time so far, in seconds.
    """

    epochs_done: int
    parameters: NDArray[np.floating]
    optimizer_state: dict[str, NDArray[np.floating]] = field(default_factory=dict)
    average: NDArray[np.floating] | None = None
    elapsed_s: float = 0.0
