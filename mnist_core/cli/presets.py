"""``presets``: what each preset reaches, as mean and deviation over seeds, because one seed may be lucky."""

import argparse
from statistics import mean, stdev

from rich.console import Console
from rich.table import Table

from mnist_core.cli.output import json_line
from mnist_core.data import Dataset, Split, load_mnist
from mnist_core.threads import Threads
from mnist_core.training import TrainingConfig, train
from mnist_core.training.presets import PRESETS

_HELD_OUT = 10_000
_SEEDS = {"best": 3}


def run(options: argparse.Namespace) -> int:
    """Carry out the command; see `parser` for its options."""
    dataset = load_mnist()
    judged = _hold_out(dataset) if options.held_out else dataset
    console = Console(stderr=options.json)
    table = Table("preset", "seeds", "accuracy: mean", "95 % interval", "deviation", "each", "training, s: mean")
    for name in options.preset or PRESETS:
        seeds = range(options.seeds or _SEEDS.get(name, 5))
        with console.status(f"training {name} with {len(seeds)} seeds"):
            accuracies, times = zip(*(_train_and_judge(name, seed, judged) for seed in seeds), strict=True)
        deviation = stdev(accuracies) if len(seeds) > 1 else float("nan")
        half = _half_interval(deviation, len(seeds))
        interval = f"{mean(accuracies) - half:.2%} to {mean(accuracies) + half:.2%}"
        each = " ".join(f"{100 * accuracy:.2f}" for accuracy in accuracies)
        table.add_row(
            name, str(len(seeds)), f"{mean(accuracies):.2%}", interval, f"{deviation:.2%}", each, f"{mean(times):.2f}"
        )
        if options.json:
            values = {"preset": name, "seeds": len(seeds), "mean": mean(accuracies), "deviation": deviation}
            ends = {"low": mean(accuracies) - half, "high": mean(accuracies) + half}
            print(json_line(values | ends | {"accuracies": accuracies, "train_s": times}), flush=True)
    where = "the last 10,000 training images, held out" if options.held_out else "the test set"
    console.print(table, f"Judged on {where}; {Threads().count} threads.")
    return 0


def _half_interval(deviation: float, seeds: int) -> float:
    """Return half the width of the 95 % interval of a mean over seeds, by Student's t; NaN for one seed."""
    from scipy.stats import t  # noqa: PLC0415 - half a second, which other commands need not wait for

    return float(t.ppf(0.975, seeds - 1)) * deviation / seeds**0.5 if seeds > 1 else float("nan")


def _hold_out(dataset: Dataset) -> Dataset:
    """Return a data set whose test split is the last 10,000 training images, which its training split lacks."""
    images, labels = dataset.train.images, dataset.train.labels
    train_split, test_split = (
        Split(images[part], labels[part]) for part in (slice(-_HELD_OUT), slice(-_HELD_OUT, None))
    )
    return Dataset(f"{dataset.name}, held out", dataset.source, train_split, test_split)


def _train_and_judge(name: str, seed: int, dataset: Dataset) -> tuple[float, float]:
    """Return the accuracy on the test split of `dataset`, and the training time in seconds."""
    trainer = train(TrainingConfig(**{**PRESETS[name], "seed": seed}), dataset)
    *_, last = trainer
    return float((trainer.network.predict(dataset.test.images) == dataset.test.labels).mean()), last.elapsed_s
