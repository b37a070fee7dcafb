"""What most Keras users would write, `model.fit`, timed epoch by epoch beside the compiled step."""

from collections.abc import Callable
from itertools import count
from time import perf_counter
from typing import Any

import numpy as np

from mnist_core.data.dataset import CLASSES, Dataset
from mnist_core.keras_twin.backend import keras, number_format, use_threads
from mnist_core.keras_twin.build import build_loss, build_model, build_optimizer
from mnist_core.nn.mlp import as_rows
from mnist_core.threads import Threads
from mnist_core.training.config import TrainingConfig
from mnist_core.training.split import split_training


def time_fit(
    config: TrainingConfig, dataset: Dataset, epochs: int, threads: int | None, progress: Callable[[float], None]
) -> tuple[float, ...]:
    """Return the seconds that each of `epochs` passes takes; the first includes what Keras compiles.

    Learning rate schedule and augmentation are left out: they hardly cost Keras any time, or are not its own.
    """
    with Threads(threads) as cores:
        use_threads(cores.count)
    split, _ = split_training(config, dataset)
    x, y = as_rows(split.images, np.dtype(config.dtype)), split.labels.astype(np.int64)
    targets = np.eye(CLASSES, dtype=config.dtype)[y] if config.label_smoothing else y
    with number_format(config.dtype):
        model = build_model(config, penalty=True)
        model.compile(optimizer=build_optimizer(config), loss=build_loss(config), metrics=["accuracy"])
        marks = [perf_counter()]
        batch_size = min(config.batch_size or len(x), len(x))
        callbacks = [_marker(marks), _reporter(epochs * -(-len(x) // batch_size), progress)]
        model.fit(x, targets, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=callbacks)
    return tuple(np.diff(marks).tolist())


def _marker(marks: list[float]) -> Any:
    """Return a callback that notes when each epoch ended."""
    return keras.callbacks.LambdaCallback(on_epoch_end=lambda *_, **__: marks.append(perf_counter()))


def _reporter(steps: int, progress: Callable[[float], None]) -> Any:
    """Return a callback that reports the share of all steps done after each of them."""
    done = count(1)

    def report(_batch: int, logs: object = None) -> None:  # Keras calls it by these names
        progress(next(done) / steps)

    return keras.callbacks.LambdaCallback(on_train_batch_end=report)
