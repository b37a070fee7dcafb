"""``train``: train a network with a progress bar, judge it once on the test set, and save it."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from math import isfinite
from time import perf_counter
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from mnist_core.cli.parser import USAGE_ERROR, config_from
from mnist_core.cli.tables import cost_table
from mnist_core.data import load_mnist
from mnist_core.training import EpochResult, Trainer, TrainingConfig, train
from mnist_core.training.presets import PUBLISHED_TEST_ACCURACY

INTERRUPTED = 130


def run(options: argparse.Namespace) -> int:
    """Carry out the command; see `parser` for its options."""
    config = config_from(options)
    if options.output is not None and not options.output.parent.is_dir():
        print(f"--output: expected a file in a folder that exists, received {options.output}.", file=sys.stderr)
        return USAGE_ERROR
    dataset = load_mnist()
    began_s = perf_counter()
    trainer = train(config, dataset, threads=options.threads)
    with _interrupt_flag() as interrupted:
        history = _train_json(trainer, interrupted) if options.json else _train_with_bar(trainer, config, interrupted)
    train_s = perf_counter() - began_s
    if options.output is not None:
        trainer.network.save(options.output)

    status = "stopped" if trainer.status == "running" else trainer.status
    final: dict[str, object] = {"final": True, "status": status, "epochs": len(history), "train_s": train_s}
    if trainer.status == "diverged":
        final |= {"test_accuracy": None, "message": trainer.message}
    else:
        correct = int((trainer.network.predict(dataset.test.images) == dataset.test.labels).sum())
        n = len(dataset.test)
        # SciPy takes half a second to import: not before training.
        from mnist_core.evaluation.intervals import wilson_interval  # noqa: PLC0415

        final |= {"test_accuracy": correct / n, "test_interval": wilson_interval(correct, n)}
    if options.output is not None:
        final["output"] = str(options.output)
    if options.json:
        print(json.dumps(final), flush=True)
    else:
        _report(history, config, final)
    return {"finished": 0, "stopped": INTERRUPTED, "diverged": 1}[status]


def _train_json(trainer: Trainer, interrupted: list[bool]) -> list[EpochResult]:
    history = []
    for event in trainer.events():
        if isinstance(event, EpochResult):
            history.append(event)
            print(json.dumps({key: _finite(value) for key, value in asdict(event).items()}), flush=True)
        if interrupted:
            break
    return history


def _train_with_bar(trainer: Trainer, config: TrainingConfig, interrupted: list[bool]) -> list[EpochResult]:
    history: list[EpochResult] = []
    columns = (
        TextColumn("epoch {task.fields[number]}/{task.total:.0f}"),
        BarColumn(),
        TextColumn("cost {task.fields[cost]:.4f}  accuracy {task.fields[accuracy]:.2%}"),
        TextColumn("{task.fields[rate]:,.0f} images/s  left"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), refresh_per_second=4) as progress:
        task = progress.add_task("", total=config.epochs, number=0, cost=0.0, accuracy=0.0, rate=0.0)
        for event in trainer.events():
            if isinstance(event, EpochResult):
                history.append(event)
                measured = {"cost": event.cost, "accuracy": event.accuracy, "rate": event.samples_per_s}
                progress.update(task, completed=len(history), number=len(history), **measured)
            else:
                progress.update(task, completed=event.epoch + event.share)
            if interrupted:
                break
    return history


def _report(history: list[EpochResult], config: TrainingConfig, final: dict[str, object]) -> None:
    console = Console()
    console.print(cost_table(history, published=config.model_copy(update={"seed": 0}) == TrainingConfig()))
    if final["status"] == "stopped":
        console.print(f"Interrupted after {len(history)} of {config.epochs} epochs.")
    if final["status"] == "diverged":
        console.print(f"Diverged. {final['message']}", style="bold")
    else:
        low, high = final["test_interval"]  # type: ignore[misc]
        console.print(
            f"Test accuracy {final['test_accuracy']:.2%} (95 % interval {low:.2%} to {high:.2%}); "
            f"published {PUBLISHED_TEST_ACCURACY:.2%}"
        )
    console.print(f"Trained in {final['train_s']:.1f} s, {len(history)} epochs")
    if "output" in final:
        console.print(f"Saved {final['output']}", soft_wrap=True)


@contextmanager
def _interrupt_flag() -> Iterator[list[bool]]:
    """Turn the first Ctrl-C into a mark, so that training ends between two steps; a second one interrupts at once."""
    marks: list[bool] = []

    def mark(_signal: int, _frame: FrameType | None) -> None:
        marks.append(True)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, mark)
    try:
        yield marks
    finally:
        signal.signal(signal.SIGINT, before)


def _finite(value: object) -> object:
    """JSON has no NaN and no infinity: null stands for them."""
    return None if isinstance(value, float) and not isfinite(value) else value
