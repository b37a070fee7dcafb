"""Make the network that comes with the app: ``python -m mnist_core.evaluation.packaging``.

It learns from all training images, so none is left to find its temperature on. That is the mean over other networks of
the same recipe, each with other initial weights, and each of which holds images out.
"""

import json
import statistics
import sys
from dataclasses import asdict
from pathlib import Path

from mnist_core.data import Dataset, load_mnist
from mnist_core.evaluation.intervals import wilson_interval
from mnist_core.nn import MLP
from mnist_core.nn.calibration import fit_temperature
from mnist_core.training import TrainingConfig, train
from mnist_core.training.packaged_model import FOLDER, MODEL, RECORD, weights_sha256
from mnist_core.training.split import held_out

COMMAND = "python -m mnist_core.evaluation.packaging"
PRESET = "modern"
NETWORKS = 5
HELD_OUT = 10_000


def main(folder: Path = FOLDER) -> None:
    """Train the network that is packaged, and write it into `folder` with what is known of it."""
    config, dataset = TrainingConfig.preset(PRESET), load_mnist()
    record = package(config, dataset, folder)
    sys.stdout.write(f"{json.dumps(record, indent=2)}\n")


def package(
    config: TrainingConfig, dataset: Dataset, folder: Path, networks: int = NETWORKS, held: int = HELD_OUT
) -> dict[str, object]:
    """Train a network of `config`, write it into `folder` with its record, and return the record.

    Its temperature is fitted on `held` held-out training images of each of `networks` others, and never on the test
    set.
    """
    temperatures = [_temperature(config, seed, dataset, held) for seed in range(1, networks + 1)]
    network = _trained(config, dataset)
    correct = int((network.predict(dataset.test.images) == dataset.test.labels).sum())
    record: dict[str, object] = {
        "command": COMMAND,
        "preset": PRESET,
        "test_correct": correct,
        "test_count": len(dataset.test),
        "test_accuracy": correct / len(dataset.test),
        "test_interval": wilson_interval(correct, len(dataset.test)),
        "temperatures": temperatures,
        "temperature": statistics.fmean(temperatures),
        "weights_sha256": weights_sha256(network),
        **(asdict(network.origin) if network.origin else {}),
    }
    network.save(folder / MODEL)
    (folder / RECORD).write_text(f"{json.dumps(record, indent=2)}\n", encoding="utf-8")
    return record


def _temperature(config: TrainingConfig, seed: int, dataset: Dataset, held: int) -> float:
    config = config.model_copy(update={"seed": seed, "validation_size": held})
    unlearnt = held_out(config, dataset)
    return fit_temperature(_trained(config, dataset).logits(unlearnt.images), unlearnt.labels)


def _trained(config: TrainingConfig, dataset: Dataset) -> MLP:
    # One thread: the number of threads changes the rounding, and the file should be the same everywhere.
    trainer = train(config, dataset, threads=1)
    for _ in trainer:
        pass
    return trainer.network


if __name__ == "__main__":
    main()
