"""``train``: train a network with a progress bar, judge it once on the test set, and save it."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from mnist_core.cli.output import json_line
from mnist_core.cli.parser import USAGE_ERROR, config_from
from mnist_core.cli.tables import cost_table
from mnist_core.data import Split, load_mnist
from mnist_core.data.provenance import is_mnist
from mnist_core.nn import MLP
from mnist_core.training import EpochProgress, EpochResult, Trainer, TrainingConfig, train
from mnist_core.training.presets import PUBLISHED_TEST_ACCURACY

EXIT_CODES = {"finished": 0, "stopped": 130, "diverged": 1}

Event = EpochResult | EpochProgress


def run(options: argparse.Namespace) -> int:
    """Carry out the command; see `parser` for its options."""
    config = config_from(options)
    if options.output is not None and not options.output.parent.is_dir():
        print(f"--output: expected a file in a folder that exists, received {options.output}.", file=sys.stderr)
        return USAGE_ERROR
    dataset = load_mnist()
    trainer = train(config, dataset, threads=options.threads)
    with _print_json() if options.json else _progress_bar(config.epochs) as show:
        history = _train(trainer, show)
    if options.output is not None:
        trainer.network.save(options.output)

    final = _final(trainer, history, dataset.test)
    if options.json:
        print(json_line(final | {"output": str(options.output) if options.output else None}), flush=True)
    else:
        is_published_recipe = config.model_copy(update={"seed": 0}) == TrainingConfig() and is_mnist(dataset)
        _report(history, config.epochs, final, is_published_recipe)
        if options.output is not None:
            print(_saved(options.output, str(final["status"])))
    return EXIT_CODES[str(final["status"])]


def _saved(output: Path, status: str) -> str:
    """Say what was saved: nobody should take a network that diverged for one that has learnt."""
    what = {
        "finished": "",
        "stopped": ", a network whose training was interrupted",
        "diverged": ", a network that diverged: it is good for looking at, not for reading images",
    }
    return f"Saved {output}{what[status]}"


def _train(trainer: Trainer, show: Callable[[Event], None]) -> list[EpochResult]:
    """Train until the end or Ctrl-C, showing each event, and return the history."""
    history = []
    with _interrupts() as interrupted:
        for event in trainer.events():
            if isinstance(event, EpochResult):
                history.append(event)
            show(event)
            if interrupted:
                break
    return history


def _final(trainer: Trainer, history: list[EpochResult], test: Split) -> dict[str, object]:
    status = "stopped" if trainer.status == "running" else trainer.status
    train_s = history[-1].elapsed_s if history else 0.0
    final = {"final": True, "status": status, "message": trainer.message, "epochs": len(history), "train_s": train_s}
    judged = (None, None) if status == "diverged" else _judge(trainer.network, test)
    return final | dict(zip(("test_accuracy", "test_interval"), judged, strict=True))


def _judge(network: MLP, test: Split) -> tuple[float, tuple[float, float]]:
    # SciPy takes half a second to import: not before training.
    from mnist_core.evaluation.intervals import wilson_interval  # noqa: PLC0415

    correct = int((network.predict(test.images) == test.labels).sum())
    return correct / len(test), wilson_interval(correct, len(test))


@contextmanager
def _print_json() -> Iterator[Callable[[Event], None]]:
    """Give a function that prints an epoch's record as a line of JSON."""

    def show(event: Event) -> None:
        if isinstance(event, EpochResult):
            print(json_line(asdict(event)), flush=True)

    yield show


@contextmanager
def _progress_bar(epochs: int) -> Iterator[Callable[[Event], None]]:
    """Give a function that moves a progress bar to an event."""
    columns = (
        TextColumn("epoch {task.fields[number]}/{task.total:.0f}"),
        BarColumn(),
        TextColumn("cost {task.fields[cost]:.4f}  accuracy {task.fields[accuracy]:.2%}"),
        TextColumn("{task.fields[rate]:,.0f} images/s  left"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), refresh_per_second=4) as progress:
        task: TaskID = progress.add_task("", total=epochs, number=0, cost=float("nan"), accuracy=0.0, rate=0.0)

        def show(event: Event) -> None:
            if isinstance(event, EpochProgress):
                progress.update(task, completed=event.epoch + event.share)
                return
            done = event.epoch + 1
            rate = event.samples_per_s
            progress.update(task, completed=done, number=done, cost=event.cost, accuracy=event.accuracy, rate=rate)

        yield show


def _report(history: list[EpochResult], epochs: int, final: dict[str, object], is_published_recipe: bool) -> None:
    console = Console()
    console.print(cost_table(history, published=is_published_recipe))
    if final["status"] == "stopped":
        console.print(f"Interrupted after {len(history)} of {epochs} epochs.")
    if isinstance(final["test_interval"], tuple):
        low, high = final["test_interval"]
        published = f"; published {PUBLISHED_TEST_ACCURACY:.2%}" if is_published_recipe else ""
        console.print(f"Test accuracy {final['test_accuracy']:.2%} (95 % interval {low:.2%} to {high:.2%}){published}")
    else:
        console.print(f"Diverged. {final['message']}")
    console.print(f"Trained {len(history)} epochs in {final['train_s']:.1f} s")


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Note the first Ctrl-C in a list, so that training ends between two steps; a second one interrupts at once."""
    noted: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        noted.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
