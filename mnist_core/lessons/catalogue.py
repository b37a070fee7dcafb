"""Four ways in which learning fails, each a network whose single step shows why."""

from dataclasses import dataclass
from typing import Literal

from mnist_core.data.dataset import Split
from mnist_core.lessons.one_update import in_float64
from mnist_core.lessons.step_sizes import batch_gradient
from mnist_core.nn import MLP
from mnist_core.nn.optimizers import GradientDescent
from mnist_core.training.config import TrainingConfig
from mnist_core.training.streams import stream

_DEEP = (64, 64, 64, 64, 64, 64)


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes
    ----------
    watch
        What to look at, in a sentence.
    why
        The reason, in words.
    config
        A recipe whose training shows the same; its first weights are the lesson's network.
    remedy
        The same network as it should be, to compare with.
    shows
        What of the network tells: its "gradients" layer by layer, the cost by "step sizes", or its "dead units".
    """

    title: str
    watch: str
    why: str
    config: TrainingConfig
    remedy: TrainingConfig
    shows: Literal["gradients", "step sizes", "dead units"]


LESSONS: dict[str, Lesson] = {
    "zeros": Lesson(
        "All weights zero",
        "Watch the gradients: every kernel's is exactly 0, so no weight will ever move.",
        "A weight's gradient is its input times what flows back to its unit. With all weights 0, the hidden units "
        "give 0, so the last kernel's inputs are 0; and what flows back passes through weights of 0, so nothing "
        "reaches the layers before. Only the last biases learn: how frequent each class is, whatever the image. "
        "(With tanh it is the same; a sigmoid gives 0.5 at 0, but then all units of a layer stay copies of one.)",
        TrainingConfig(initializer="zeros", epochs=50),
        TrainingConfig(epochs=50),
        "gradients",
    ),
    "rate": Lesson(
        "Learning rate far too large",
        "Watch the cost beyond the lowest point of the curve: a step of 10 ends far higher than it began.",
        "The gradient tells the slope where you stand, not where the valley ends. A short step leads down; a long one "
        "crosses the valley and climbs the other side, where the slope is steeper and the next step longer still.",
        TrainingConfig(learning_rate=10, epochs=50),
        TrainingConfig(epochs=50),
        "step sizes",
    ),
    "sigmoid": Lesson(
        "Sigmoid in deep layers",
        "Watch the gradients shrink from the last layer to the first: the first learns thousands of times slower.",
        "On the way back, each layer multiplies by the slope of its activation. A sigmoid's is at most 1/4, so over "
        "six layers little is left. ReLU's slope is 1 for every active unit, and the gradients keep their size. "
        "(The healthy network differs in two things: ReLU in place of sigmoid, and the first weights that go with it, "
        "He's in place of Glorot's.)",
        TrainingConfig(hidden_units=_DEEP, activation="sigmoid", initializer="glorot_uniform", epochs=50),
        TrainingConfig(hidden_units=_DEEP, epochs=50),
        "gradients",
    ),
    "dead": Lesson(
        "Dead ReLU units",
        "Watch the share of units that give 0 for every training image after one step of 10.",
        "The step pushed their weighted sums below 0 for all images. There ReLU gives 0 and its slope is 0, so the "
        "chain rule multiplies by 0, and their weights get no gradient. In the first layer nothing can wake such a "
        "unit again, because the pixels never change. In the second a unit can wake: what comes in changes with the "
        "units before it.",
        TrainingConfig(learning_rate=10, epochs=50),
        TrainingConfig(epochs=50),
        "dead units",
    ),
}


def first_network(config: TrainingConfig) -> MLP:
    """Return the network with which a run of `config` begins."""
    rng = stream(config.seed, "weights")
    return MLP(config.layer_sizes, config.activation, config.initializer, rng, config.dtype)


def lesson_network(key: str, batch: Split) -> MLP:
    """Return the network of a lesson: its first weights, or for "dead units" those after one step on `batch`."""
    lesson = LESSONS[key]
    network = first_network(lesson.config)
    return one_step(network, batch, lesson.config.learning_rate) if lesson.shows == "dead units" else network


def one_step(network: MLP, batch: Split, learning_rate: float) -> MLP:
    """Return a copy in float64 after one step of gradient descent on a batch's mean cost."""
    stepped = in_float64(network)
    GradientDescent(stepped.weights).step(batch_gradient(stepped, batch).vector, learning_rate)
    return stepped
