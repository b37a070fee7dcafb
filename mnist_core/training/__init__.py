"""Recipes and the training loop.

Read in this order: config, presets, results, streams, split, average, measure, tally, iteration, loop; parallel says
how threads share the work.
"""

from mnist_core.training.config import TrainingConfig
from mnist_core.training.loop import Trainer, train
from mnist_core.training.results import Checkpoint, EpochProgress, EpochResult, Point

__all__ = ["Checkpoint", "EpochProgress", "EpochResult", "Point", "Trainer", "TrainingConfig", "train"]
