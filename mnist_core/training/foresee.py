"""How long a recipe will train, from its sizes, so that a page can say beforehand what does not fit into a few seconds.

The seconds below were measured in November 2026 on one core of an AMD EPYC with AVX2, and are right to within a third
for the settings of the Playground. How much faster or slower another machine is, or a busy one, is its `speed`.
"""

from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from mnist_core.training.config import TrainingConfig

_IMAGE_S = 2e-6  # to fetch an image as floats
_WEIGHT_OF_IMAGE_S = 46e-12  # a weight's part in an image's forward and backward pass
_WEIGHT_OF_HELD_OUT_S = 20e-12  # and in a forward pass alone
_STEP_S = 60e-6
_WEIGHT_OF_STEP_S = {"sgd": 2.5e-9, "momentum": 3.5e-9, "nesterov": 3.5e-9, "adam": 5e-9, "adamw": 5e-9}
_WEIGHT_OF_AVERAGE_S = 1.2e-9
_DROPPED_UNIT_S = 60e-9  # a random number for each hidden unit and image
_DISTORTED_IMAGE_S = {"none": 0.0, "affine": 25e-6, "elastic": 40e-6}
_FLOAT64 = 3.0

FEWEST_IMAGES = 100
_USED = 10  # as a machine's load changes


def training_s(config: TrainingConfig, available: int = 60_000) -> float:
    """Return how many seconds the recipe trains at speed 1, with `available` training images in the data set."""
    weights = sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(config.layer_sizes))
    images = min(config.train_size, available - config.validation_size)
    steps = -(-images // min(config.batch_size or images, images))
    image_s = _IMAGE_S + weights * _WEIGHT_OF_IMAGE_S + _DISTORTED_IMAGE_S[config.augmentation]
    if config.dropout:
        image_s += sum(config.hidden_units) * _DROPPED_UNIT_S
    update_s = weights * (_WEIGHT_OF_STEP_S[config.optimizer] + bool(config.ema) * _WEIGHT_OF_AVERAGE_S)
    held_out_s = config.validation_size * (_IMAGE_S + weights * _WEIGHT_OF_HELD_OUT_S)
    epoch_s = images * image_s + steps * (_STEP_S + update_s) + held_out_s
    return config.epochs * epoch_s * (_FLOAT64 if config.dtype == "float64" else 1.0)


def speed(measured: Iterable[tuple[TrainingConfig, float]], available: int = 60_000) -> float:
    """Return how fast a machine is just now, from the recipes it has trained and their seconds, the newest first.

    Returns
    -------
    float
        1 for the machine on which this module's seconds were measured, 2 for one twice as fast; the median of the ten
        newest. 1 where nothing has been measured.
    """
    ratios = [training_s(config, available) / took_s for config, took_s in measured if took_s > 0]
    return median(ratios[:_USED]) if ratios else 1.0


def fit_into(config: TrainingConfig, most_s: float, speed: float = 1.0, available: int = 60_000) -> TrainingConfig:
    """Return the recipe with as many training images as fit into `most_s` seconds: unchanged, if all of them do.

    The number of images is lowered to a multiple of 100, and never below 100, even where the recipe has so many epochs
    that these take too long.
    """

    def fits(images: int) -> bool:
        return training_s(config.model_copy(update={"train_size": images}), available) <= most_s * speed

    images = min(config.train_size, available - config.validation_size)
    if images <= FEWEST_IMAGES or fits(images):
        return config
    low, high = 1, -(-images // FEWEST_IMAGES)  # hundreds: the first is taken anyway, the second does not fit
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle * FEWEST_IMAGES) else (low, middle)
    return config.model_copy(update={"train_size": low * FEWEST_IMAGES})
